import { askIssuer } from './ask-issuer.js';
import { IssuerUnreachableError } from './issuer-unreachable-error.js';

/** What the follower needs to know of an issuer; every one an https URL. */
export interface IssuerEndpoints {
  /** the one behind mutual TLS, where there is a choice // T5 */
  readonly token: string;
  readonly revocations: string;
  readonly revocationsJwks: string;
}

const TIMEOUT_MS = 5_000;
const LIMIT = 256 * 1024;

/**
 * Reads the two documents of an issuer: its metadata (RFC 8414), and the one that says where its revocation feed is.
 * @throws IssuerUnreachableError also when one of them names another issuer (A1) or an endpoint that is not https
 */
export async function discoverIssuer(
  issuer: string,
  fetchIt: typeof fetch,
  signal: AbortSignal,
): Promise<IssuerEndpoints> {
  const read = async (name: string) => {
    const url = wellKnownUrl(issuer, name);
    const text = await askIssuer({
      url,
      fetch: fetchIt,
      signal,
      mediaTypes: ['application/json'],
      timeoutMs: TIMEOUT_MS,
      limit: LIMIT,
    });
    return documentOf(issuer, text, url);
  };
  const [metadata, feed] = await Promise.all([read('oauth-authorization-server'), read('revocation-feed')]);
  const aliases = metadata['mtls_endpoint_aliases'] as Record<string, unknown> | undefined;
  return {
    token: httpsUrl(aliases?.['token_endpoint'] ?? metadata['token_endpoint'], 'token_endpoint'),
    revocations: httpsUrl(feed['revocations_endpoint'], 'revocations_endpoint'),
    revocationsJwks: httpsUrl(feed['revocations_jwks_uri'], 'revocations_jwks_uri'),
  };
}

/** RFC 8414 section 3.1: between the host and the path of an issuer that has one. */
function wellKnownUrl(issuer: string, name: string): string {
  const url = new URL(issuer);
  const path = url.pathname === '/' ? '' : url.pathname;
  return `${url.origin}/.well-known/${name}${path}`;
}

function documentOf(issuer: string, text: string, url: string): Record<string, unknown> {
  const document = jsonObject(text, url);
  if (document['issuer'] === issuer) return document;
  throw new IssuerUnreachableError('metadata_issuer', `${url} is the metadata of another issuer than ${issuer}`);
}

function jsonObject(text: string, url: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch (error) {
    throw new IssuerUnreachableError('metadata_malformed', `${url} is no JSON`, { cause: error });
  }
}

function httpsUrl(value: unknown, name: string): string {
  if (typeof value === 'string' && URL.canParse(value) && new URL(value).protocol === 'https:') return value;
  throw new IssuerUnreachableError('metadata_malformed', `the issuer's metadata names no https URL as ${name}`);
}
