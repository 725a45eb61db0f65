import { OAuthError } from './oauth-error.js';

/**
 * For the listener that asks for no client certificate: 401 `invalid_client` that names the other one. // T5
 * @param endpoint as the metadata calls it
 * @param alias where it is served
 * @param otherwise what would do here instead
 */
export function wrongListener(endpoint: string, alias: string, otherwise = ''): OAuthError {
  return new OAuthError('invalid_client', 'wrong_listener', `${endpoint} asked for without client certificates`, {
    description: `Client authentication is by TLS certificate: use mtls_endpoint_aliases.${endpoint} of the metadata, ${alias}${otherwise}`,
  });
}

/** Of `wrongListener` at an endpoint that also takes an assertion alone. // A41 */
export const OR_ASSERTION = ', or send a client_assertion here';
