import { isUtf8 } from 'node:buffer';
import { invalidToken } from './invalid-token.js';

/** A JWS in its compact form, taken apart. Nobody vouches for any of it before its signature was verified. */
export interface CompactJws {
  readonly header: Readonly<Record<string, unknown>>;
  /** What was signed, in ASCII. */
  readonly signingInput: Buffer;
  readonly signature: Buffer;
  /** The three parts as they were sent. */
  readonly parts: { readonly protected: string; readonly payload: string; readonly signature: string };
}

/** base64url without padding: another alphabet, white space or a fourth part is no JWS to us, whatever decoders pass over. */
const COMPACT = /^([\w-]+)\.([\w-]+)\.([\w-]*)$/;

/**
 * Takes a compact JWS apart (RFC 7515). The signature has one spelling, unused bits zero: of a token with many texts, whoever
 * knows tokens by their text would not know it again. // R3
 * @throws RefusedError `invalid_token`, with a critical extension or RFC 7797's `b64` too: we know none
 *
 * Does not check: signature, algorithm, type.
 */
export function readCompactJws(text: string): CompactJws {
  const [, head, payload, sealed] = COMPACT.exec(text) ?? [];
  if (head === undefined || payload === undefined || sealed === undefined) {
    throw invalidToken('token_malformed', 'the token is no JWS in its compact form');
  }
  const signature = Buffer.from(sealed, 'base64url');
  if (signature.toString('base64url') !== sealed) {
    throw invalidToken('token_malformed', 'the signature is not base64url in its one spelling');
  }
  const header = jsonObjectIn(head);
  if (header['crit'] !== undefined || header['b64'] !== undefined) {
    throw invalidToken('token_malformed', 'the header has a critical extension');
  }
  const signingInput = Buffer.from(text.slice(0, head.length + 1 + payload.length), 'latin1');
  return { header, signingInput, signature, parts: { protected: head, payload, signature: sealed } };
}

/** What a JWT claims. @throws RefusedError `invalid_token` unless the payload is a JSON object */
export function claimsIn({ parts }: CompactJws): Readonly<Record<string, unknown>> {
  return jsonObjectIn(parts.payload);
}

function jsonObjectIn(part: string): Readonly<Record<string, unknown>> {
  const value = jsonIn(Buffer.from(part, 'base64url'));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalidToken('token_malformed', 'a part of the token is no JSON object');
}

// Buffer's own decoder would put a replacement where UTF-8 is broken, and two texts would read the same.
function jsonIn(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw invalidToken('token_malformed', 'a part of the token is no UTF-8');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw invalidToken('token_malformed', 'a part of the token is no JSON', error);
  }
}
