import { invalidClient } from '../../oauth-error/oauth-error.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';
import { isAuthenticationMethod, type AuthenticationMethod } from './authentication-method.js';
import type { Presented } from './presented.js';

/**
 * The one method of the registration, never what the caller brought or what its chain looks like. // A3, A15
 * @throws OAuthError `invalid_client` when the request authenticates by another one
 */
export function registeredMethod(
  client: RegisteredClient,
  presented: Pick<Presented, 'assertion'>,
): AuthenticationMethod {
  const method = client.authenticationMethod;
  if (!isAuthenticationMethod(method)) throw invalidClient('method_not_supported', `${method} is not served here`);
  const needed = method === 'private_key_jwt';
  if (needed && !presented.assertion) {
    throw invalidClient('assertion_missing', 'the client is registered for private_key_jwt and sent no assertion');
  }
  // Not 400: which method a client is registered for is nobody's business before it has authenticated.
  if (!needed && presented.assertion) {
    throw invalidClient('assertion_unexpected', `an assertion was sent, the client is registered for ${method}`);
  }
  return method;
}
