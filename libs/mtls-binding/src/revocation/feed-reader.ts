import { FeedRefusedError } from '../protocol/feed-refused-error.js';
import { remoteKeys, type RemoteKeys } from '../protocol/remote-keys.js';
import { FEED_MEDIA_TYPE, readFeed, type FeedStatement } from '../protocol/revocation-feed.js';
import { askIssuer } from './ask-issuer.js';
import { discoverIssuer, type IssuerEndpoints } from './discover-issuer.js';
import { FeedAccess, type FeedAccessOptions } from './feed-access.js';
import { IssuerUnreachableError } from './issuer-unreachable-error.js';
import type { FeedPosition } from './revocation-state.js';

/** Of one exchange, in milliseconds; what the issuer may wait comes on top. */
const TIMEOUT_MS = 5_000;
/** Octets: room for tens of thousands of entries, several times the bound at which the issuer makes them coarser. */
const FEED_LIMIT = 16 * 1024 * 1024;
const KEYS_LIMIT = 256 * 1024;

interface Discovered {
  readonly endpoints: IssuerEndpoints;
  readonly keys: RemoteKeys;
}

/** Asks one issuer for statements of its feed: finds its endpoints, gets the token that opens it, verifies the answers. */
export class FeedReader {
  readonly #access: FeedAccess;
  #discovered: Discovered | undefined;

  /** @param signal ends whatever is under way */
  constructor(
    private readonly options: FeedAccessOptions,
    private readonly signal: AbortSignal,
  ) {
    this.#access = new FeedAccess(options);
  }

  /**
   * The next statement after a position, or a snapshot when there is none.
   * @param waitSeconds how long the issuer may wait for something newer; whole seconds
   * @throws IssuerUnreachableError or FeedRefusedError
   */
  async read(after: FeedPosition | undefined, waitSeconds: number): Promise<FeedStatement> {
    const { keys, endpoints } = (this.#discovered ??= await this.#discover());
    const jws = await this.#ask(endpoints, after, waitSeconds).catch((error: unknown) => {
      if (!isUnauthorized(error)) throw error;
      // Expired, revoked, or bound to a certificate that was replaced since: one more try, with a new one.
      this.#access.forget();
      return this.#ask(endpoints, after, waitSeconds);
    });
    return this.#verified(jws, keys);
  }

  /** The issuer may have moved: its endpoints, its keys and the token are asked for anew. */
  forget(): void {
    this.#discovered = undefined;
    this.#access.forget();
  }

  async #discover(): Promise<Discovered> {
    const { issuer, fetch } = this.options;
    const endpoints = await discoverIssuer(issuer, fetch, this.signal);
    return { endpoints, keys: remoteKeys({ jwksUri: endpoints.revocationsJwks, fetch: this.#fetchKeys(endpoints) }) };
  }

  // Bounded in size and ended by our signal, which jose alone would not see to.
  #fetchKeys({ revocationsJwks: url }: IssuerEndpoints): typeof fetch {
    const mediaTypes = ['application/json', 'application/jwk-set+json'];
    return async () => {
      const request = { url, mediaTypes, fetch: this.options.fetch, signal: this.signal };
      return new Response(await askIssuer({ ...request, timeoutMs: TIMEOUT_MS, limit: KEYS_LIMIT }));
    };
  }

  async #ask(endpoints: IssuerEndpoints, after: FeedPosition | undefined, waitSeconds: number): Promise<string> {
    const token = await this.#access.token(endpoints.token, this.signal);
    const url = new URL(endpoints.revocations);
    if (after) {
      url.searchParams.set('epoch', after.epoch);
      url.searchParams.set('since', String(after.seq));
      url.searchParams.set('wait', String(waitSeconds));
    }
    return askIssuer({
      url: url.href,
      fetch: this.options.fetch,
      signal: this.signal,
      limit: FEED_LIMIT,
      mediaTypes: [FEED_MEDIA_TYPE],
      timeoutMs: (after ? waitSeconds * 1_000 : 0) + TIMEOUT_MS,
      init: { headers: { authorization: `Bearer ${token}`, accept: FEED_MEDIA_TYPE } },
    });
  }

  async #verified(jws: string, keys: RemoteKeys): Promise<FeedStatement> {
    try {
      return await readFeed(jws, { issuer: this.options.issuer, keys }, new Date());
    } catch (error) {
      if (error instanceof FeedRefusedError) throw error;
      throw new IssuerUnreachableError('keys_unavailable', 'the keys of the revocation feed cannot be had', {
        cause: error,
      });
    }
  }
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof IssuerUnreachableError && error.code === 'status' && error.status === 401;
}
