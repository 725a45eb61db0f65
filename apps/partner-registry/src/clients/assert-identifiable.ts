import { RegistryError } from '../problems/registry-error.js';
import { subjectOf } from '../subject-values/subject-value.js';
import type { Client } from '../records/client.entity.js';

/**
 * Under `identity_only` a client is known by its subject value below its trust anchors, and so needs both.
 * @param hasAnchor true as well where the anchors may come later: of a draft, which cannot be activated without
 * @throws RegistryError `identity_incomplete`
 */
export function assertIdentifiable(client: Client, hasAnchor: boolean): void {
  if (client.certificate_policy !== 'identity_only' || (subjectOf(client) && hasAnchor)) return;
  const detail = 'The policy needs tls_client_auth, a subject value and a trust anchor of the client.';
  throw RegistryError.ofField('identity_incomplete', '/certificate_policy', detail);
}
