import { askIssuer } from './ask-issuer.js';
import { IssuerUnreachableError } from './issuer-unreachable-error.js';

/** What the follower needs of an issuer's metadata; every one an https URL. */
export interface IssuerEndpoints {
  /** the one behind mutual TLS, where there is a choice // T5 */
  readonly token: string;
  readonly revocations: string;
  readonly revocationsJwks: string;
}

const TIMEOUT_MS = 5_000;
const LIMIT = 256 * 1024;

/**
 * Reads the metadata of an issuer (RFC 8414).
 * @throws IssuerUnreachableError also when the document names another issuer (A1) or an endpoint that is not https
 */
export async function discoverIssuer(
  issuer: string,
  fetchIt: typeof fetch,
  signal: AbortSignal,
): Promise<IssuerEndpoints> {
  const url = metadataUrl(issuer);
  const text = await askIssuer({
    ...{ url, fetch: fetchIt, signal, mediaTypes: ['application/json'], timeoutMs: TIMEOUT_MS, limit: LIMIT },
  });
  const metadata = jsonObject(text, url);
  if (metadata['issuer'] !== issuer) {
    throw new IssuerUnreachableError('metadata_issuer', `${url} is the metadata of another issuer than ${issuer}`);
  }
  const aliases = metadata['mtls_endpoint_aliases'] as Record<string, unknown> | undefined;
  return {
    token: httpsUrl(aliases?.['token_endpoint'] ?? metadata['token_endpoint'], 'token_endpoint'),
    revocations: httpsUrl(
      aliases?.['revocations_endpoint'] ?? metadata['revocations_endpoint'],
      'revocations_endpoint',
    ),
    revocationsJwks: httpsUrl(metadata['revocations_jwks_uri'], 'revocations_jwks_uri'),
  };
}

/** RFC 8414 section 3.1: between the host and the path of an issuer that has one. */
function metadataUrl(issuer: string): string {
  const url = new URL(issuer);
  const path = url.pathname === '/' ? '' : url.pathname;
  return `${url.origin}/.well-known/oauth-authorization-server${path}`;
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
