import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';
import { checkLeaf } from '@partner-ecosystem/x509';
import { invalidClient } from '../../oauth-error/oauth-error.js';
import { assertOwnKey } from '../certificate-policy/assert-own-key.js';
import { certificateIn } from '../partner-keys/partner-key-set.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';
import type { AuthenticationNeeds } from './authentication-method.js';

/**
 * RFC 8705 section 2.2: the certificate itself is in the client's key set, as `x5c` of one of its keys. Its dates and
 * strength are checked, its path is not. Whoever publishes a key set can put anybody's certificates into it, so the key
 * has to be the client's own partner's. // A13, A21
 * Rejects with OAuthError `invalid_client`, or with what `keysOf` and `ownerOf` say.
 */
export async function selfSignedTlsClientAuth(
  client: RegisteredClient,
  { thumbprint }: CertificateEvidence,
  now: Date,
  { keysOf, ownerOf }: Pick<AuthenticationNeeds, 'keysOf' | 'ownerOf'>,
): Promise<void> {
  const set = await keysOf(client, (keys) => certificateIn(keys, thumbprint) !== undefined);
  const certificate = certificateIn(set, thumbprint);
  if (!certificate) {
    const about = `${set.keys.length} usable keys`;
    throw invalidClient('certificate_not_in_key_set', `the certificate ${thumbprint} is none of the key set: ${about}`);
  }
  const failed = checkLeaf(certificate, now).find(({ result }) => result === 'fail');
  if (failed) throw invalidClient(failed.id, `found ${failed.observed}, expected ${failed.expected}`);
  assertOwnKey(client, certificate.keySha256, await ownerOf(certificate.keySha256));
}
