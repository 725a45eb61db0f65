import { createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, errors, exportJWK, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { z } from 'zod';
import type { ChainHead } from '../audit-trail.js';

/** What is wrong with a statement that is not believed. */
export type StatementFault =
  /** no compact JWS, or one without an ES256 signature */
  | 'unsigned'
  /** signed by somebody else, or changed afterwards */
  | 'forged'
  /** signed, but about something else than the audit head of this registry */
  | 'foreign';

/** A head somebody signed at that time. */
export interface StatedHead extends ChainHead {
  readonly statedAt: Date;
}

export class StatementRefused extends Error {
  override readonly name = 'StatementRefused';

  constructor(
    readonly code: StatementFault,
    options?: ErrorOptions,
  ) {
    super(`a statement about the audit head was refused: ${code}`, options);
  }
}

const ALGORITHM = 'ES256';
const TYPE = 'audit-head+jwt';

const claims = z.object({
  iat: z.int().min(0),
  seq: z.int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * A compact JWS that says: at `now` the last link of the chain was this one. Claims iss, iat, seq, hash; the header's
 * `kid` is the key's RFC 7638 thumbprint.
 * @param key EC P-256
 */
export async function signAuditHead(
  { seq, hash }: ChainHead,
  { issuer, key, now }: { issuer: string; key: KeyObject; now: Date },
): Promise<string> {
  const kid = await calculateJwkThumbprint(await exportJWK(createPublicKey(key)));
  return new SignJWT({ seq, hash })
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid })
    .setIssuer(issuer)
    .setIssuedAt(now)
    .sign(key);
}

/**
 * The head that a statement is about.
 * @param keys EC P-256, of which any may have signed; a `kid` is not believed
 * @throws StatementRefused
 * Does not check: when it was made, and whether the chain passes through it; that is verifyChain.
 */
export async function statedHead(
  statement: string,
  { issuer, keys }: { issuer: string; keys: readonly KeyObject[] },
): Promise<StatedHead> {
  let refusal = new StatementRefused('forged');
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(statement, key, { algorithms: [ALGORITHM], typ: TYPE, issuer });
      return headOf(payload);
    } catch (error) {
      refusal = refusalOf(error);
      if (refusal.code !== 'forged') break;
    }
  }
  throw refusal;
}

function headOf(payload: JWTPayload): StatedHead {
  const { iat, seq, hash } = claims.parse(payload);
  return { seq, hash, statedAt: new Date(iat * 1_000) };
}

function refusalOf(cause: unknown): StatementRefused {
  if (cause instanceof errors.JWSSignatureVerificationFailed) return new StatementRefused('forged', { cause });
  // Whatever is signed by the key and is something else.
  const isForeign = cause instanceof errors.JWTClaimValidationFailed || cause instanceof z.core.$ZodError;
  return new StatementRefused(isForeign ? 'foreign' : 'unsigned', { cause });
}
