// The published contract for the token service: src/published/registered-client.spec.ts pins it.

const ISO = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
const ISO_MILLIS = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const THUMBPRINT = `rtrim(translate(encode(decode(t.sha256, 'hex'), 'base64'), '+/', '-_'), '=')`;

// A pending one with a date is published before it comes, so that no job has to be in time for it.
const IN_USE = `(t.status = 'active' OR (t.status = 'pending' AND t.activate_at IS NOT NULL))`;

export const REGISTERED_CLIENT = `
CREATE VIEW registry.registered_client AS
SELECT
  c.client_id,
  'ptn_' || replace(p.id::text, '-', '') AS partner_id,
  c.client_name,
  c.environment,
  c.status AS client_status,
  p.status AS partner_status,
  (c.status = 'active' AND p.status = 'active') AS usable,
  c.token_endpoint_auth_method,
  c.tls_client_auth_subject_dn,
  c.tls_client_auth_san_dns,
  c.tls_client_auth_san_uri,
  c.tls_client_auth_san_ip,
  c.tls_client_auth_san_email,
  c.certificate_policy,
  c.access_token_ttl,
  c.default_resource,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'thumbprint', ${THUMBPRINT},
      'tbs_sha256', t.tbs_sha256,
      'spki_sha256', t.spki_sha256,
      -- activated at a date: not before that, whoever reads it
      'not_before', CASE WHEN t.status = 'pending' AND t.activate_at > t.not_before
        THEN ${ISO_MILLIS('t.activate_at')} ELSE ${ISO('t.not_before')} END,
      'not_after', ${ISO('t.not_after')},
      'retire_at', ${ISO_MILLIS('t.retire_at')},
      'path_valid_until', ${ISO_MILLIS('t.path_valid_until')},
      'activate_at', ${ISO_MILLIS("CASE WHEN t.status = 'pending' THEN t.activate_at END")}
    ) ORDER BY t.id), '[]'::jsonb)
    FROM registry.certificates t WHERE t.client_id = c.id AND ${IN_USE}) AS certificates,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'audience', r.audience,
      'scope', s.name,
      'valid_until', ${ISO_MILLIS('g.valid_until')},
      'signing_alg', r.signing_alg
    ) ORDER BY g.id), '[]'::jsonb)
    FROM registry.grants g
    JOIN registry.scopes s ON s.id = g.scope_id
    JOIN registry.resource_servers r ON r.id = g.resource_server_id
    WHERE g.client_id = c.id AND g.status = 'active') AS grants,
  c.jwks,
  c.jwks_uri,
  c.bound_access_tokens,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'id', 'anc_' || replace(a.id::text, '-', ''),
      'certificate', regexp_replace(a.pem, '-----[A-Z ]+-----|\\s', '', 'g'),
      'spki_sha256', a.spki_sha256,
      'crl_mode', a.crl_mode,
      'crls', (SELECT coalesce(jsonb_agg(DISTINCT r.sha256 ORDER BY r.sha256), '[]'::jsonb) FROM registry.crls r
        WHERE r.trust_anchor_id = a.id AND r.sha256 IS NOT NULL AND a.crl_mode <> 'off')
    ) ORDER BY a.id), '[]'::jsonb)
    FROM registry.client_trust_anchors l
    JOIN registry.trust_anchors a ON a.id = l.trust_anchor_id
    WHERE l.client_id = c.id AND a.status = 'active') AS trust_anchors,
  (SELECT coalesce(jsonb_agg(DISTINCT i.certificate), '[]'::jsonb)
    FROM registry.certificates t, jsonb_array_elements(t.chain) AS i(certificate)
    WHERE t.client_id = c.id AND ${IN_USE}) AS intermediates,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'thumbprint', ${THUMBPRINT},
      'tbs_sha256', t.tbs_sha256,
      'spki_sha256', t.spki_sha256
    ) ORDER BY t.id), '[]'::jsonb)
    FROM (
      SELECT o.* FROM registry.certificates o WHERE o.client_id = c.id AND o.status = 'revoked'
      UNION ALL
      -- known by identity, a client could use what was registered with another one of its partner
      SELECT o.* FROM registry.certificates o WHERE c.certificate_policy = 'identity_only'
        AND o.partner_id = c.partner_id AND o.client_id <> c.id AND o.status = 'revoked' AND o.not_after > now()
    ) t) AS revoked_certificates,
  -- a resource server is there or not; what can be inactive is whoever asks for it
  (SELECT coalesce(jsonb_agg(r.audience ORDER BY r.id), '[]'::jsonb)
    FROM registry.resource_server_clients l
    JOIN registry.resource_servers r ON r.id = l.resource_server_id
    WHERE l.client_id = c.id AND l.may_introspect AND c.status = 'active' AND p.status = 'active') AS introspects
FROM registry.clients c
JOIN registry.partners p ON p.id = c.partner_id;`;
