// Nothing may be deleted, and what identifies a row may not be changed. Only links and copies may be deleted: what they
// said is in the audit, or can be fetched again.
export const APP_PRIVILEGES = `
GRANT SELECT, INSERT ON registry.partners, registry.partner_contacts, registry.resource_servers, registry.scopes,
  registry.resource_server_clients, registry.clients, registry.public_keys, registry.certificates,
  registry.certificate_notices, registry.certificate_requests, registry.certificate_authorities, registry.trust_anchors,
  registry.certificate_identities, registry.client_trust_anchors, registry.crls, registry.grants TO partner_registry_app;
GRANT DELETE ON registry.client_trust_anchors, registry.resource_server_clients, registry.crls TO partner_registry_app;
GRANT UPDATE (legal_name, display_name, country, registration_number, external_ref, labels, metadata, status,
  status_reason, version, updated_at) ON registry.partners TO partner_registry_app;
GRANT UPDATE (kind, name, email, verified_at, erased_at, version, updated_at)
  ON registry.partner_contacts TO partner_registry_app;
GRANT UPDATE (name, signing_alg, version, updated_at) ON registry.resource_servers TO partner_registry_app;
GRANT UPDATE (description, sensitivity, needs_approval, version, updated_at) ON registry.scopes TO partner_registry_app;
GRANT UPDATE (may_introspect, may_follow_revocations, version, updated_at)
  ON registry.resource_server_clients TO partner_registry_app;
GRANT UPDATE (client_name, tls_client_auth_subject_dn, tls_client_auth_san_dns, tls_client_auth_san_uri,
  tls_client_auth_san_ip, tls_client_auth_san_email, certificate_policy, access_token_ttl, default_resource,
  max_active_certificates, jwks, jwks_uri, status, status_reason, version, updated_at)
  ON registry.clients TO partner_registry_app;
GRANT UPDATE (compromised_at, version, updated_at) ON registry.public_keys TO partner_registry_app;
GRANT UPDATE (status, status_reason, activate_at, retire_at, replaces, revoked_at, revocation_reason, checks,
  path_valid_until, path_trust_anchor_id, crl_listed_at, version, updated_at)
  ON registry.certificates TO partner_registry_app;
-- a request's certificate is written once
GRANT UPDATE (status, checks, decided_by, decided_at, decision_reason, certificate_id, version, updated_at)
  ON registry.certificate_requests TO partner_registry_app;
GRANT UPDATE (status, root_crl, private_jwe, crl_number, crl, crl_this_update, crl_next_update, version, updated_at)
  ON registry.certificate_authorities TO partner_registry_app;
GRANT UPDATE (name, crl_mode, crl_uris, crl_generation, crl_named_generation, status, status_reason, version, updated_at)
  ON registry.trust_anchors TO partner_registry_app;
GRANT UPDATE (partner_id) ON registry.certificate_identities TO partner_registry_app;
GRANT UPDATE (identity_kind, identity_sha256, judged_crl_generation) ON registry.client_trust_anchors TO partner_registry_app;
GRANT UPDATE (issuer_spki_sha256, issuer_dn, scope_sha256, number, this_update, next_update, entries, sha256, der,
  fetched_at, attempted_at, attempt_after, failures, last_error, alarmed, alarmed_for, version, updated_at)
  ON registry.crls TO partner_registry_app;
GRANT UPDATE (status, status_reason, valid_until, requested_by, decided_by, version, updated_at)
  ON registry.grants TO partner_registry_app;
-- Events are written once. Only kept answers, which are no record of anything, are changed and deleted.
GRANT SELECT, INSERT ON registry.audit_events, registry.audit_event_targets, registry.outbox_events TO partner_registry_app;
GRANT SELECT, UPDATE (seq, hash) ON registry.audit_head TO partner_registry_app;
GRANT SELECT, UPDATE (last_seq) ON registry.outbox_counter TO partner_registry_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON registry.idempotency_keys TO partner_registry_app;`;

/** It reads the published views, and nothing else. */
export const TOKEN_SERVICE_PRIVILEGES = `
GRANT USAGE ON SCHEMA registry TO token_service_app;
GRANT SELECT ON registry.registered_client, registry.registered_client_change, registry.public_key_owner,
  registry.published_crl TO token_service_app;`;
