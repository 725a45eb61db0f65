import type { Client } from '../records/client.entity.js';
import { keysOfMethod } from './client-keys.js';

/**
 * Whether a client can be known by a certificate: with `self_signed_tls_client_auth` it has to be in the client's key set
 * too. // A13
 * @param sha256 of the DER, lower-case hex
 * Does not check: a key set behind a `jwks_uri`; the token service fetches it.
 */
export function isInKeySet(client: Pick<Client, 'token_endpoint_auth_method' | 'jwks'>, sha256: string): boolean {
  const { token_endpoint_auth_method: method, jwks } = client;
  if (method !== 'self_signed_tls_client_auth' || jwks === null) return true;
  return keysOfMethod(jwks, method).keys.some(({ certificate }) => certificate?.sha256 === sha256);
}
