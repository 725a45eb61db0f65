import { RefusedError } from '../protocol/errors.js';

export interface IntrospectionOptions {
  /** `introspection_endpoint` of the issuer, the one that asks for a client certificate; https only. */
  readonly endpoint: string;
  /** This API's own client, as registered. */
  readonly clientId: string;
  /** Presents that client's certificate and trusts the authority that signed the issuer's. // T4 */
  readonly fetch: typeof fetch;
}

/** See `introspection()`. */
export interface Introspection {
  /**
   * What the issuer says of a token: the members of its answer (RFC 7662 section 2.2), `active` among them.
   * @throws RefusedError `unavailable` when it cannot be had
   */
  ask(token: string): Promise<Readonly<Record<string, unknown>>>;
}

const TIMEOUT_MS = 5_000;

/**
 * Asks the issuer about each token that was not seen within the last five seconds (RFC 7662), for issuers of opaque tokens.
 * A stranger's made up token costs the issuer a request too: limit how fast callers may come.
 * @throws TypeError naming every option that is missing or unusable
 */
export function introspection(options: IntrospectionOptions): Introspection {
  assertUsable(options);
  return {
    ask: async (token) => {
      try {
        return await answerAbout(token, options);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const message = `the issuer could not be asked about a token: ${reason}`;
        throw new RefusedError('unavailable', 'introspection_unavailable', message, { cause });
      }
    },
  };
}

async function answerAbout(token: string, { endpoint, clientId, fetch }: IntrospectionOptions) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token, token_type_hint: 'access_token', client_id: clientId }).toString(),
    redirect: 'error', // the token and our certificate are for this address
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status !== 200) throw new Error(`it answered ${response.status}`);
  const answer: unknown = await response.json();
  if (typeof answer === 'object' && answer !== null && typeof (answer as { active?: unknown }).active === 'boolean') {
    return answer as Readonly<Record<string, unknown>>;
  }
  throw new Error('its answer does not say whether the token is active');
}

function assertUsable({ endpoint, clientId, fetch }: IntrospectionOptions): void {
  const faults: string[] = [];
  const isHttps = URL.canParse(endpoint) && new URL(endpoint).protocol === 'https:';
  if (!isHttps) faults.push('endpoint: the https URL of the introspection endpoint');
  if (typeof clientId !== 'string' || clientId === '') faults.push('clientId: the registered client of this API');
  if (typeof fetch !== 'function') faults.push("fetch: one that presents that client's certificate");
  if (faults.length > 0) throw new TypeError(`introspection() needs ${faults.join('; ')}`);
}
