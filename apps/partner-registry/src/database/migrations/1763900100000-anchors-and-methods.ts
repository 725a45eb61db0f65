import type { MigrationInterface, QueryRunner } from 'typeorm';
import { PUBLIC_KEY_OWNER, REGISTERED_CLIENT } from './anchors-and-methods/published-views.js';
import {
  CERTIFICATES,
  CLIENTS,
  GRANTS,
  PARTNERS,
  RESOURCE_SERVERS,
  TRUST_ANCHORS,
} from './anchors-and-methods/tables.js';

// Where an operator was made before these scopes existed, whoever may change operators receives them: nobody could
// grant what nobody holds.
const NEW_SCOPES = `
INSERT INTO registry.scopes (resource_server_id, name, description)
SELECT s.resource_server_id, n.name, n.description
  FROM registry.scopes s
  CROSS JOIN (VALUES
    ('registry:contacts:read', 'See whom to reach at a partner.'),
    ('registry:contacts:write', 'Add, change and erase contacts of partners.'),
    ('registry:grants:approve', 'Approve and reject grants that somebody else requested.'),
    ('registry:trust-anchors:read', 'See trust anchors and who depends on them.'),
    ('registry:trust-anchors:write', 'Register, change and retire trust anchors.'),
    ('registry:audit:read', 'See who changed what, when and why.'),
    ('registry:changes:read', 'Follow every change as it happens.')
  ) AS n (name, description)
 WHERE s.name = 'registry:operators:write'
ON CONFLICT (resource_server_id, name) DO NOTHING;
INSERT INTO registry.grants (client_id, resource_server_id, scope_id, environment)
SELECT g.client_id, g.resource_server_id, n.id, g.environment
  FROM registry.grants g
  JOIN registry.scopes s ON s.id = g.scope_id AND s.name = 'registry:operators:write'
  JOIN registry.scopes n ON n.resource_server_id = g.resource_server_id AND n.created_at = now()
 WHERE g.status = 'active'
ON CONFLICT ON CONSTRAINT grants_client_scope_key DO NOTHING;`;

// What identifies a row stays as it is. Only a link may be deleted: what it said is in the audit.
const PRIVILEGES = `
GRANT SELECT, INSERT ON registry.partner_contacts, registry.trust_anchors, registry.certificate_identities,
  registry.client_trust_anchors, registry.resource_server_clients TO partner_registry_app;
GRANT DELETE ON registry.client_trust_anchors, registry.resource_server_clients TO partner_registry_app;
GRANT UPDATE (legal_name, display_name, country, registration_number, external_ref, labels, metadata)
  ON registry.partners TO partner_registry_app;
GRANT UPDATE (kind, name, email, verified_at, erased_at, version, updated_at)
  ON registry.partner_contacts TO partner_registry_app;
GRANT UPDATE (client_name, tls_client_auth_san_dns, tls_client_auth_san_uri, tls_client_auth_san_ip,
  tls_client_auth_san_email, certificate_policy, access_token_ttl, default_resource, max_active_certificates, jwks, jwks_uri)
  ON registry.clients TO partner_registry_app;
GRANT UPDATE (name, crl_mode, status, status_reason, version, updated_at) ON registry.trust_anchors TO partner_registry_app;
GRANT UPDATE (partner_id) ON registry.certificate_identities TO partner_registry_app;
GRANT UPDATE (identity_kind, identity_sha256) ON registry.client_trust_anchors TO partner_registry_app;
GRANT UPDATE (status_reason, checks, path_valid_until, path_trust_anchor_id) ON registry.certificates TO partner_registry_app;
GRANT UPDATE (name, signing_alg, version, updated_at) ON registry.resource_servers TO partner_registry_app;
GRANT UPDATE (description, sensitivity, needs_approval, version, updated_at) ON registry.scopes TO partner_registry_app;
GRANT UPDATE (may_introspect, may_follow_revocations, version, updated_at)
  ON registry.resource_server_clients TO partner_registry_app;
GRANT UPDATE (status_reason, requested_by, decided_by) ON registry.grants TO partner_registry_app;`;

/** Contacts, trust anchors, the other two authentication methods, identities, approval of grants, and the views' second form. */
export class AnchorsAndMethods1763900100000 implements MigrationInterface {
  readonly name = 'AnchorsAndMethods1763900100000';

  async up(runner: QueryRunner): Promise<void> {
    const tables = [PARTNERS, CLIENTS, TRUST_ANCHORS, CERTIFICATES, RESOURCE_SERVERS, GRANTS];
    for (const part of [...tables, REGISTERED_CLIENT, PUBLIC_KEY_OWNER, NEW_SCOPES, PRIVILEGES]) {
      await runner.query(part);
    }
  }

  down(): Promise<void> {
    throw new Error('Anchors, methods and identities in use cannot be taken back: restore the database instead');
  }
}
