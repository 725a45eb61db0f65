import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';

export interface RemoteKeysOptions {
  /** `jwks_uri` of the issuer's metadata; https only. */
  readonly jwksUri: string;
  /** How to reach it: trusts the authority that signed the issuer's server certificate and verifies its name. // T4 */
  readonly fetch?: typeof fetch;
}

export interface RemoteKeys extends JWTVerifyGetKey {
  /** Resolves once the keys are held; rejects with the reason while they cannot be had. For readiness. */
  ready(): Promise<void>;
}

const FETCH_TIMEOUT_MS = 5_000;
const CACHE_MAX_AGE_MS = 10 * 60_000;
/** A stranger's random `kid` costs the issuer at most one request in this time. */
const COOLDOWN_MS = 10_000;
/** While the issuer fails, everybody who needs its keys costs it at most one request in this time. */
const FAILURE_PAUSE_MS = 1_000;

/**
 * The signing keys of one issuer, fetched when needed and kept. // R4
 * @throws TypeError when the address is not https
 *
 * Does not follow: `jku`, `x5u` or `jwk` of a token; they have no effect.
 */
export function remoteKeys(options: RemoteKeysOptions): RemoteKeys {
  const url = new URL(options.jwksUri);
  if (url.protocol !== 'https:') throw new TypeError('remoteKeys: jwksUri must be an https URL');
  const keySet = createRemoteJWKSet(url, {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cacheMaxAge: CACHE_MAX_AGE_MS,
    cooldownDuration: COOLDOWN_MS,
    [customFetch]: pausedAfterFailure(options.fetch ?? fetch),
  });
  const resolve: JWTVerifyGetKey = (header, token) => keySet(header, token);
  return Object.assign(resolve, {
    ready: async () => {
      if (keySet.jwks() === undefined) await keySet.reload();
    },
  });
}

// jose's cool-down begins with keys that were had: without any, each token, a stranger's too, would ask again.
function pausedAfterFailure(ask: typeof fetch): typeof fetch {
  let failure: { readonly error: unknown; readonly at: number } | undefined;
  return async (...request) => {
    if (failure && performance.now() - failure.at < FAILURE_PAUSE_MS) throw failure.error;
    try {
      const response = await ask(...request);
      if (response.status !== 200) throw new Error(`the key set was answered with ${response.status}`);
      failure = undefined;
      return response;
    } catch (error) {
      failure = { error, at: performance.now() };
      throw error;
    }
  };
}
