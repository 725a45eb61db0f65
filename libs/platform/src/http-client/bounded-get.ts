import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { boundedAnswer, type BoundedRequest } from './bounded-answer.js';
import { BoundedGetError } from './bounded-get-error.js';
import type { PermittedNetworks } from './permitted-networks.js';

export interface BoundedGetOptions extends Pick<BoundedRequest, 'ca' | 'accept' | 'contentType' | 'maxBytes'> {
  /** `https:` alone, unless what is fetched is believed for its own signature */
  readonly protocols: readonly ('https:' | 'http:')[];
  readonly networks: PermittedNetworks;
  /** Milliseconds for all of it: name, connection, TLS, answer. */
  readonly timeoutMs: number;
  /** Ends it before. */
  readonly signal?: AbortSignal;
}

/**
 * One GET of an address that somebody else chose, so that nothing about it is believed: without redirects, over verified
 * TLS where it is https, at an address that is looked up once and judged before it is used. // A21
 * @returns the body as it came; never encoded
 * @throws BoundedGetError
 */
export async function boundedGet(uri: string, options: BoundedGetOptions): Promise<Buffer> {
  const url = permittedUrl(uri, options.protocols);
  const { signal: given, timeoutMs } = options;
  const ended = new AbortController();
  const end = () => ended.abort(given?.reason);
  // Not AbortSignal.any() with AbortSignal.timeout(): nothing holds on to the latter, and once it is collected no time ends.
  const timer = setTimeout(() => ended.abort(new DOMException(`${timeoutMs} ms are over`, 'TimeoutError')), timeoutMs);
  given?.addEventListener('abort', end, { once: true });
  try {
    if (given?.aborted) end();
    const addresses = await addressesOf(url, options.networks, ended.signal);
    return await boundedAnswer(url, { ...options, addresses, signal: ended.signal });
  } finally {
    clearTimeout(timer);
    given?.removeEventListener('abort', end);
  }
}

function permittedUrl(uri: string, protocols: readonly string[]): URL {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url && protocols.includes(url.protocol) && url.username === '' && url.password === '') return url;
  const schemes = protocols.map((protocol) => protocol.slice(0, -1)).join(' or ');
  throw new BoundedGetError('malformed', `not an ${schemes} URL without user and password`);
}

// All of them: a name that also leads inside is not one to be trusted with the choice.
async function addressesOf(url: URL, networks: PermittedNetworks, signal: AbortSignal): Promise<LookupAddress[]> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(host);
  const addresses = family === 0 ? await looked(host, signal) : [{ address: host, family }];
  const forbidden = addresses.find(({ address }) => !networks.permits(address));
  if (forbidden) throw new BoundedGetError('address_forbidden', `${host} is at ${forbidden.address}`);
  return addresses;
}

async function looked(host: string, signal: AbortSignal): Promise<LookupAddress[]> {
  const givenUp = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([lookup(host, { all: true }), givenUp]);
  } catch (cause) {
    throw new BoundedGetError('unreachable', `${host} has no address`, { cause });
  }
}
