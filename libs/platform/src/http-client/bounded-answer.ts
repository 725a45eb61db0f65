import type { LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { BoundedGetError } from './bounded-get-error.js';

export interface BoundedRequest {
  /** Where to connect, whatever the name of the URL leads to by now. Not empty. */
  readonly addresses: readonly LookupAddress[];
  readonly ca?: string | undefined;
  readonly accept: string;
  /** What the answer's type has to match; undefined: any, and none. */
  readonly contentType?: RegExp | undefined;
  readonly maxBytes: number;
  /** Ends it all, the body included. */
  readonly signal: AbortSignal;
}

const UNTRUSTED = /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT_|INVALID_CA|INVALID_PURPOSE)/;
const TEMPORARY_STATUS = new Set([408, 425, 429]);
const MAX_HEADER_BYTES = 16_384;

/**
 * The body of one GET.
 * @throws BoundedGetError
 */
export async function boundedAnswer(url: URL, options: BoundedRequest): Promise<Buffer> {
  try {
    return await bodyOf(await responseOf(url, options), options);
  } catch (error) {
    throw error instanceof BoundedGetError ? error : failureOf(error);
  }
}

function responseOf(url: URL, { addresses, ca, accept, signal }: BoundedRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { accept, 'accept-encoding': 'identity' };
    // No connection is kept.
    const plain = { agent: false, headers, signal, lookup: pinnedTo(addresses), maxHeaderSize: MAX_HEADER_BYTES };
    // T4: NODE_TLS_REJECT_UNAUTHORIZED=0 only changes the default, so it is said here.
    const tls = { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca ? { ca } : {}) } as const;
    const sent = url.protocol === 'https:' ? httpsRequest(url, { ...plain, ...tls }) : httpRequest(url, plain);
    sent.on('response', resolve).on('error', reject).end();
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

async function bodyOf(response: IncomingMessage, { contentType, maxBytes }: BoundedRequest): Promise<Buffer> {
  try {
    assertAcceptable(response, contentType);
    if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    response.destroy();
  }
}

function assertAcceptable({ statusCode = 0, headers }: IncomingMessage, contentType: RegExp | undefined): void {
  if (statusCode >= 300 && statusCode < 400) {
    throw new BoundedGetError('redirected', `status ${statusCode}: redirects are not followed`);
  }
  if (statusCode >= 500 || TEMPORARY_STATUS.has(statusCode)) {
    throw new BoundedGetError('unreachable', `status ${statusCode}`);
  }
  if (statusCode !== 200) throw new BoundedGetError('status', `status ${statusCode}`);
  if (contentType && !contentType.test(headers['content-type'] ?? '')) {
    throw new BoundedGetError('malformed', 'the answer has another content type than was asked for');
  }
  // Nothing is decoded here: a few octets could become gigabytes.
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new BoundedGetError('malformed', 'the answer is encoded, which was not asked for');
  }
}

function tooLarge(maxBytes: number): BoundedGetError {
  return new BoundedGetError('too_large', `the answer is longer than ${maxBytes} octets`);
}

function failureOf(error: unknown): BoundedGetError {
  const code = String((error as NodeJS.ErrnoException).code ?? (error as Error).name);
  if (UNTRUSTED.test(code)) {
    return new BoundedGetError('untrusted', `the server's certificate is refused: ${code}`, { cause: error });
  }
  return new BoundedGetError('unreachable', `no answer: ${code}`, { cause: error });
}
