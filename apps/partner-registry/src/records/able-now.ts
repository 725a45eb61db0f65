/**
 * SQL: whether the certificate row `t` is in use at a moment: active or come to its date, within its dates, and with a
 * path if one is asked for.
 * @param now the SQL of the moment
 */
export function inUse(t: string, now: string): string {
  return `((${t}.status = 'active' OR (${t}.status = 'pending' AND ${t}.activate_at <= ${now}))
    AND ${t}.not_before <= ${now} AND ${t}.not_after > ${now} AND (${t}.retire_at IS NULL OR ${t}.retire_at > ${now}))`;
}

/** The same for a path: nobody vouches for a self-signed certificate, so that of client row `c` has none. // A13 */
export function hasPath(t: string, c: string, now: string): string {
  return `(${c}.token_endpoint_auth_method = 'self_signed_tls_client_auth' OR ${t}.path_valid_until IS NULL
    OR ${t}.path_valid_until > ${now})`;
}

/** SQL: whether the anchor row `a` vouches for certificates at a moment; where lists are required, there has to be one. */
export function vouches(a: string, now: string): string {
  return `(${a}.status = 'active' AND ${a}.not_after > ${now} AND (${a}.crl_mode <> 'require' OR EXISTS (
    SELECT 1 FROM registry.crls r WHERE r.trust_anchor_id = ${a}.id AND r.next_update > ${now})))`;
}

/**
 * SQL: whether the client row `c` of the partner row `p` could fetch a token at a moment: both active, with a credential
 * that is good then.
 *
 * Does not check: whether anybody still has the key of that credential; the keys of a client that has keys; which
 * certificates a client known by its identity uses, so that one anchor is enough for it.
 */
export function ableNow(c: string, p: string, now: string): string {
  return `(${c}.status = 'active' AND ${p}.status = 'active' AND CASE WHEN ${c}.certificate_policy = 'identity_only'
   THEN EXISTS (
     SELECT 1 FROM registry.client_trust_anchors l JOIN registry.trust_anchors a ON a.id = l.trust_anchor_id
      WHERE l.client_id = ${c}.id AND ${vouches('a', now)})
   ELSE EXISTS (
     SELECT 1 FROM registry.certificates t WHERE t.client_id = ${c}.id AND ${inUse('t', now)} AND ${hasPath('t', c, now)})
   END)`;
}
