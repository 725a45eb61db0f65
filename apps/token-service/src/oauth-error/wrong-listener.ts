import { OAuthError } from './oauth-error.js';

/**
 * For the listener without client certificates: 401 `invalid_client` that names the other one. // T5
 * @param endpoint as the metadata calls it
 * @param alias where it is served
 */
export function wrongListener(endpoint: string, alias: string): OAuthError {
  return new OAuthError('invalid_client', 'wrong_listener', `${endpoint} asked for without client certificates`, {
    description: `Client authentication is by TLS certificate: use mtls_endpoint_aliases.${endpoint} of the metadata, ${alias}`,
  });
}
