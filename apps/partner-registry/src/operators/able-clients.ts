import type { EntityManager } from 'typeorm';

/** What a client has to be able to fetch a token for. */
export interface Ability {
  readonly audience: string;
  readonly scope: string;
  /** uuid; undefined: any client */
  readonly clientId?: string | undefined;
}

// A client that could fetch a token with this scope now.
const ABLE = `
SELECT 1 FROM registry.resource_servers r
  JOIN registry.scopes s ON s.resource_server_id = r.id AND s.name = $2
  JOIN registry.grants g ON g.scope_id = s.id AND g.status = 'active' AND (g.valid_until IS NULL OR g.valid_until > $3)
  JOIN registry.clients c ON c.id = g.client_id AND c.status = 'active' AND ($4::uuid IS NULL OR c.id = $4)
  JOIN registry.partners p ON p.id = c.partner_id AND p.status = 'active'
 WHERE r.audience = $1 AND CASE
   WHEN c.token_endpoint_auth_method = 'self_signed_tls_client_auth' THEN true
   WHEN c.certificate_policy = 'identity_only' THEN EXISTS (
     SELECT 1 FROM registry.client_trust_anchors l JOIN registry.trust_anchors a ON a.id = l.trust_anchor_id
      -- no list is fetched yet, so an anchor that requires one refuses everybody
      WHERE l.client_id = c.id AND a.status = 'active' AND a.not_after > $3 AND a.crl_mode <> 'require')
   ELSE EXISTS (
     SELECT 1 FROM registry.certificates t WHERE t.client_id = c.id AND t.status = 'active'
      AND t.not_before <= $3 AND t.not_after > $3 AND (t.retire_at IS NULL OR t.retire_at > $3)
      AND (t.path_valid_until IS NULL OR t.path_valid_until > $3))
   END
 LIMIT 1`;

/**
 * Whether there is such a client: it, its partner and its grant active, with a credential that is good now.
 *
 * Does not check: whether anybody still has the key of that credential; the keys of a self-signed client.
 */
export async function isAnyAble(transaction: EntityManager, ability: Ability, now: Date): Promise<boolean> {
  const { audience, scope, clientId = null } = ability;
  return (await transaction.query<unknown[]>(ABLE, [audience, scope, now, clientId])).length > 0;
}
