import { invalidClient } from '../../oauth-error/oauth-error.js';
import { allowedCertificate } from '../certificate-policy/allowed-certificate.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';
import { assertUsable } from './assert-usable.js';
import type { AuthenticatedClient } from './authenticated-client.js';
import type { AuthenticationMethod } from './authentication-method.js';
import type { AuthenticationNeeds } from './authentication-needs.js';
import type { Presented } from './presented.js';
import { privateKeyJwt } from './private-key-jwt.js';
import { registeredMethod } from './registered-method.js';
import { selfSignedTlsClientAuth } from './self-signed-tls-client-auth.js';
import { tlsClientAuth } from './tls-client-auth.js';

type Method = (client: RegisteredClient, presented: Presented, now: Date, needs: AuthenticationNeeds) => Promise<void>;

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
  presented: Presented,
  now: Date,
  needs: AuthenticationNeeds,
): Promise<AuthenticatedClient> {
  assertKnown(client);
  const method = registeredMethod(client, presented);
  const certificate = await allowedCertificate(client, method, presented.evidence, now, needs);
  await METHODS[method](client, presented, now, needs);
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
  assertion: NonNullable<Presented['assertion']>,
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
