import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { answerOf } from './key-set-answer.js';
import { PartnerKeysError } from './partner-keys-error.js';
import type { PermittedNetworks } from './permitted-networks.js';

export interface KeySetSourceOptions {
  readonly networks: PermittedNetworks;
  /** PEM certificates trusted instead of the runtime's own roots, for partners' servers. */
  readonly ca?: string | undefined;
  /** Milliseconds for all of it: name, connection, TLS, answer. */
  readonly timeoutMs?: number;
  /** Octets of the answer's body. */
  readonly maxBytes?: number;
}

/** How a partner's `jwks_uri` is fetched: somebody else chose the address, so that nothing about it is believed. // A21 */
export class KeySetSource {
  readonly #options: Required<Omit<KeySetSourceOptions, 'ca'>> & Pick<KeySetSourceOptions, 'ca'>;

  constructor(options: KeySetSourceOptions) {
    this.#options = { timeoutMs: 3_000, maxBytes: 65_536, ...options };
  }

  /**
   * One GET over verified TLS, without redirects, of an address that is looked up once and judged before it is used.
   * @returns the document, parsed as JSON
   * @throws PartnerKeysError
   */
  async fetch(uri: string): Promise<unknown> {
    const signal = AbortSignal.timeout(this.#options.timeoutMs);
    const url = httpsUrl(uri);
    const addresses = await this.addressesOf(url, signal);
    return jsonOf(await answerOf(url, { ...this.#options, addresses, signal }));
  }

  // All of them: a name that also leads inside is not one to be trusted with the choice.
  private async addressesOf(url: URL, signal: AbortSignal): Promise<LookupAddress[]> {
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const family = isIP(host);
    const addresses = family === 0 ? await looked(host, signal) : [{ address: host, family }];
    const forbidden = addresses.find(({ address }) => !this.#options.networks.permits(address));
    if (forbidden) throw new PartnerKeysError('address_forbidden', `${host} is at ${forbidden.address}`);
    return addresses;
  }
}

function httpsUrl(uri: string): URL {
  if (!URL.canParse(uri)) throw new PartnerKeysError('malformed', 'jwks_uri is not a URL');
  const url = new URL(uri);
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw new PartnerKeysError('malformed', 'jwks_uri is not an https URL without user and password');
  }
  return url;
}

async function looked(host: string, signal: AbortSignal): Promise<LookupAddress[]> {
  const givenUp = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    return await Promise.race([lookup(host, { all: true }), givenUp]);
  } catch (cause) {
    throw new PartnerKeysError('unreachable', `${host} has no address`, { cause });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PartnerKeysError('malformed', 'the answer is not JSON', { cause });
  }
}
