import { invalidClient } from '../../oauth-error/oauth-error.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';
import { allowedCertificate } from '../certificate-policy/allowed-certificate.js';
import {
  isAuthenticationMethod,
  type AuthenticationMethod,
  type AuthenticationNeeds,
  type ClientAssertion,
  type ClientCredentials,
} from './authentication-method.js';
import { privateKeyJwt } from './private-key-jwt.js';
import { selfSignedTlsClientAuth } from './self-signed-tls-client-auth.js';
import { tlsClientAuth } from './tls-client-auth.js';

/** Who is asking, proven. The only thing later steps look at. // A15 */
export interface AuthenticatedClient {
  readonly client: RegisteredClient;
  readonly method: AuthenticationMethod;
  /** What the token is bound to, under every method. // A4, A17 */
  readonly certificate: { readonly thumbprint: string };
  /** Until when the certificate may be used: its `notAfter`, or earlier when it is retired or its path ends. // A27 */
  readonly certificateUsableUntil: Date;
}

type Method = (
  client: RegisteredClient,
  credentials: ClientCredentials,
  now: Date,
  needs: AuthenticationNeeds,
) => Promise<void>;

const METHODS: Record<AuthenticationMethod, Method> = {
  tls_client_auth: async (client, { evidence }) => tlsClientAuth(client, evidence),
  self_signed_tls_client_auth: (client, { evidence }, now, needs) =>
    selfSignedTlsClientAuth(client, evidence, now, needs),
  private_key_jwt: (client, { assertion }, now, needs) => privateKeyJwt(client, assertion!, now, needs),
};

/**
 * Client authentication (RFC 6749 section 2.3) by the one method registered, with one resolved result. The client was
 * found by its id; its certificate is judged first, under every method, so that a stranger who has none of its
 * certificates can neither make keys be fetched nor write anything. // A3, A5, A10, A11, A15
 * @param client what the registry knows under the `client_id` of the request
 * @throws OAuthError `invalid_client`, naming the failed check for the log; otherwise what is needed and cannot be had
 */
export async function authenticateClient(
  client: RegisteredClient | undefined,
  credentials: ClientCredentials,
  now: Date,
  needs: AuthenticationNeeds,
): Promise<AuthenticatedClient> {
  assertKnown(client);
  const method = registeredMethod(client, credentials);
  const certificate = await allowedCertificate(client, method, credentials.evidence, now, needs);
  await METHODS[method](client, credentials, now, needs);
  const { thumbprint, usableUntil } = certificate;
  return { client, method, certificate: { thumbprint }, certificateUsableUntil: usableUntil };
}

/**
 * Client authentication by an assertion alone, on a connection that is asked for no certificate. For answers that are
 * bound to nothing; a token needs `authenticateClient`. // A17, A41
 * Rejects with what `authenticateClient` rejects with.
 */
export async function authenticateByAssertion(
  client: RegisteredClient | undefined,
  assertion: ClientAssertion,
  now: Date,
  needs: AuthenticationNeeds,
): Promise<RegisteredClient> {
  assertKnown(client);
  registeredMethod(client, { assertion }); // refuses an assertion of a client that is not registered for it
  await privateKeyJwt(client, assertion, now, needs);
  return client;
}

function assertKnown(client: RegisteredClient | undefined): asserts client {
  if (!client) throw invalidClient('client_unknown', 'no client with this client_id');
  assertUsable(client);
}

/** @throws OAuthError `invalid_client` unless client and partner are active */
function assertUsable(client: RegisteredClient): void {
  if (client.clientStatus !== 'active')
    throw invalidClient('client_not_active', `the client is ${client.clientStatus}`);
  if (client.partnerStatus !== 'active')
    throw invalidClient('partner_not_active', `the partner is ${client.partnerStatus}`);
  if (!client.usable) throw invalidClient('client_not_usable', 'the registry does not let this client be used');
}

/**
 * The one method of the registration, never what the caller brought or what its chain looks like. // A3, A15
 * @throws OAuthError `invalid_client` when the request authenticates by another one
 */
function registeredMethod(
  client: RegisteredClient,
  { assertion }: Pick<ClientCredentials, 'assertion'>,
): AuthenticationMethod {
  const method = client.authenticationMethod;
  if (!isAuthenticationMethod(method)) throw invalidClient('method_not_supported', `${method} is not served here`);
  const needed = method === 'private_key_jwt';
  if (needed && !assertion) {
    throw invalidClient('assertion_missing', 'the client is registered for private_key_jwt and sent no assertion');
  }
  // Not 400: which method a client is registered for is nobody's business before it has authenticated.
  if (!needed && assertion) {
    throw invalidClient('assertion_unexpected', `an assertion was sent, the client is registered for ${method}`);
  }
  return method;
}
