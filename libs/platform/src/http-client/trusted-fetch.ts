import { Agent, fetch as undiciFetch, type RequestInit } from 'undici';

export interface TrustedFetchOptions {
  /** PEM certificates that are trusted instead of the runtime's own roots; undefined: the runtime's roots */
  ca: string | undefined;
  /** milliseconds for the connection, for the headers and between two pieces of the body; default 5000 */
  timeoutMs?: number;
}

/**
 * A `fetch` for calls to other services: https only, the server's certificate and name are verified whatever the
 * environment says (T4), TLS 1.2 or later, no redirects unless asked for, every phase bounded in time.
 * Throws TypeError, as fetch does; its `cause` says why.
 * Does not check: the size of the answer.
 */
export function trustedFetch(options: TrustedFetchOptions): typeof fetch {
  const timeout = options.timeoutMs ?? 5_000;
  const dispatcher = new Agent({
    // T4: NODE_TLS_REJECT_UNAUTHORIZED=0 only changes the default, so it is said here.
    connect: { ca: options.ca, rejectUnauthorized: true, minVersion: 'TLSv1.2', timeout },
    headersTimeout: timeout,
    bodyTimeout: timeout,
  });
  const trusted = async (input: string | URL, init?: RequestInit) => {
    const url = new URL(input);
    if (url.protocol !== 'https:') throw new TypeError('only https: URLs are fetched');
    return undiciFetch(url, { redirect: 'error', ...init, dispatcher });
  };
  // undici's Request and Response are those of the platform in everything but their TypeScript names.
  return trusted as unknown as typeof fetch;
}
