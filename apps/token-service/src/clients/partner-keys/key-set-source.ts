import { boundedGet, BoundedGetError, type PermittedNetworks } from '@partner-ecosystem/platform/http-client';
import { PartnerKeysError } from './partner-keys-error.js';

export interface KeySetSourceOptions {
  readonly networks: PermittedNetworks;
  /** PEM certificates trusted instead of the runtime's own roots, for partners' servers. */
  readonly ca?: string | undefined;
  /** Milliseconds for all of it: name, connection, TLS, answer. */
  readonly timeoutMs?: number;
  /** Octets of the answer's body. */
  readonly maxBytes?: number;
}

const CONTENT_TYPE = /^application\/(?:jwk-set\+)?json *(?:;|$)/i;
const ACCEPT = 'application/jwk-set+json, application/json';

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
    return jsonOf((await this.bodyOf(uri)).toString('utf8'));
  }

  private async bodyOf(uri: string): Promise<Buffer> {
    try {
      const what = { protocols: ['https:'], accept: ACCEPT, contentType: CONTENT_TYPE } as const;
      return await boundedGet(uri, { ...this.#options, ...what });
    } catch (cause) {
      throw cause instanceof BoundedGetError ? new PartnerKeysError(cause.code, cause.message, { cause }) : cause;
    }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PartnerKeysError('malformed', 'the answer is not JSON', { cause });
  }
}
