import type { LookupAddress } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { LookupFunction } from 'node:net';
import { PartnerKeysError } from './partner-keys-error.js';

export interface KeySetRequest {
  /** Where to connect, whatever the name of the URL leads to by now. Not empty. */
  readonly addresses: readonly LookupAddress[];
  readonly ca?: string | undefined;
  readonly maxBytes: number;
  /** Ends it all, the body included. */
  readonly signal: AbortSignal;
}

const CONTENT_TYPE = /^application\/(?:jwk-set\+)?json *(?:;|$)/i;
const UNTRUSTED = /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT_|INVALID_CA|INVALID_PURPOSE)/;
const TEMPORARY_STATUS = new Set([408, 425, 429]);
const MAX_HEADER_BYTES = 16_384;

/**
 * The body of one GET, as text.
 * @throws PartnerKeysError
 */
export async function answerOf(url: URL, options: KeySetRequest): Promise<string> {
  try {
    return await bodyOf(await responseOf(url, options), options.maxBytes);
  } catch (error) {
    throw error instanceof PartnerKeysError ? error : failureOf(error);
  }
}

function responseOf(url: URL, { addresses, ca, signal }: KeySetRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'application/jwk-set+json, application/json', 'accept-encoding': 'identity' };
    // T4: NODE_TLS_REJECT_UNAUTHORIZED=0 only changes the default, so it is said here. No connection is kept.
    const tls = { agent: false, rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca ? { ca } : {}) } as const;
    request(url, { ...tls, headers, signal, lookup: pinnedTo(addresses), maxHeaderSize: MAX_HEADER_BYTES })
      .on('response', resolve)
      .on('error', reject)
      .end();
  });
}

// The judged addresses and no others: a second look-up could lead elsewhere.
function pinnedTo(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, options, done) => {
    const [first] = addresses as [LookupAddress];
    if (options.all) done(null, [...addresses]);
    else done(null, first.address, first.family);
  };
}

async function bodyOf(response: IncomingMessage, maxBytes: number): Promise<string> {
  try {
    assertAcceptable(response, maxBytes);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    response.destroy();
  }
}

function assertAcceptable({ statusCode = 0, headers }: IncomingMessage, maxBytes: number): void {
  if (statusCode >= 300 && statusCode < 400) {
    throw new PartnerKeysError('redirected', `status ${statusCode}: redirects are not followed`);
  }
  if (statusCode >= 500 || TEMPORARY_STATUS.has(statusCode)) {
    throw new PartnerKeysError('unreachable', `status ${statusCode}`);
  }
  if (statusCode !== 200) throw new PartnerKeysError('status', `status ${statusCode}`);
  if (!CONTENT_TYPE.test(headers['content-type'] ?? '')) {
    throw new PartnerKeysError('malformed', 'the content type is not that of a JWK Set');
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new PartnerKeysError('malformed', 'the answer is encoded, which was not asked for');
  }
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

function tooLarge(maxBytes: number): PartnerKeysError {
  return new PartnerKeysError('too_large', `the answer is longer than ${maxBytes} octets`);
}

function failureOf(error: unknown): PartnerKeysError {
  const code = String((error as NodeJS.ErrnoException).code ?? (error as Error).name);
  if (UNTRUSTED.test(code)) {
    return new PartnerKeysError('untrusted', `the server's certificate is refused: ${code}`, { cause: error });
  }
  return new PartnerKeysError('unreachable', `no answer: ${code}`, { cause: error });
}
