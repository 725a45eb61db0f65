import type { Client } from '../clients/client.entity.js';
import { clientKeys } from './client-keys.js';

/**
 * Whether a client can be known by a certificate: with `self_signed_tls_client_auth` it has to be in the client's key set
 * too. // A13
 * @param sha256 of the DER, lower-case hex
 * Does not check: a key set behind a `jwks_uri`; the token service fetches it.
 */
export function isInKeySet(client: Pick<Client, 'token_endpoint_auth_method' | 'jwks'>, sha256: string): boolean {
  if (client.token_endpoint_auth_method !== 'self_signed_tls_client_auth' || client.jwks === null) return true;
  return clientKeys(client.jwks, true).keys.some(({ certificate }) => certificate?.sha256 === sha256);
}
