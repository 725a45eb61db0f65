import type { EntityManager } from 'typeorm';
import type { Client } from '../records/client.entity.js';

/** Who a client is, what it was granted, and whether anybody uses it. `client_id` is the uuid, as in every row. */
export interface ClientFacts extends Pick<
  Client,
  'client_id' | 'client_name' | 'partner_id' | 'environment' | 'status' | 'certificate_policy'
> {
  readonly partner_name: string;
  readonly grants: readonly { readonly audience: string; readonly scopes: readonly string[] }[];
  /** there are more than are listed */
  readonly more_grants: boolean;
  readonly last_seen_at: Date | null;
  readonly live_tokens: boolean;
}

interface Row extends Omit<ClientFacts, 'grants' | 'more_grants'> {
  readonly grants: { readonly audience: string; readonly scope: string }[];
}

const MOST_GRANTS = 100;
/** As long as a token can live. */
const LONGEST_LIFE_MS = 900_000;

/** SQL: how a token names the certificate row `t`. */
export const THUMBPRINT = (t: string): string =>
  `rtrim(translate(encode(decode(${t}.sha256, 'hex'), 'base64'), '+/', '-_'), '=')`;

// A certificate that was never registered is only known from the events; these are found by client and time.
const FACTS = `
SELECT c.id AS client_id, c.client_name, c.partner_id, coalesce(p.display_name, p.legal_name) AS partner_name, c.environment, c.status,
  c.certificate_policy,
  (SELECT coalesce(jsonb_agg(g), '[]') FROM (
    SELECT r.audience, s.name AS scope FROM registry.grants g
      JOIN registry.scopes s ON s.id = g.scope_id
      JOIN registry.resource_servers r ON r.id = g.resource_server_id
     WHERE g.client_id = c.id AND g.status = 'active' AND (g.valid_until IS NULL OR g.valid_until > $2)
     ORDER BY g.id LIMIT ${MOST_GRANTS + 1}) g) AS grants,
  greatest(
    (SELECT max(u.last_seen_at) FROM registry.certificates t
       JOIN token.certificate_use u ON u.thumbprint = ${THUMBPRINT('t')} WHERE t.client_id = c.id),
    CASE WHEN c.certificate_policy = 'identity_only' THEN (
      SELECT e.occurred_at FROM token.authentication_event_published e
       WHERE e.client_id = c.client_id AND e.authenticated ORDER BY e.occurred_at DESC LIMIT 1) END) AS last_seen_at,
  EXISTS (SELECT 1 FROM token.authentication_event_published e
    WHERE e.client_id = c.client_id AND e.occurred_at > $3 AND e.outcome = 'granted' AND e.expires_at > $2) AS live_tokens
 FROM registry.clients c JOIN registry.partners p ON p.id = c.partner_id
WHERE c.id = ANY ($1::uuid[]) ORDER BY c.id`;

/** In the order of their uuids. */
export async function clientFacts(database: EntityManager, ids: readonly string[], now: Date): Promise<ClientFacts[]> {
  if (ids.length === 0) return [];
  const rows = await database.query<Row[]>(FACTS, [ids, now, new Date(now.getTime() - LONGEST_LIFE_MS)]);
  return rows.map(({ grants, ...client }) => ({
    ...client,
    grants: byAudience(grants.slice(0, MOST_GRANTS)),
    more_grants: grants.length > MOST_GRANTS,
  }));
}

function byAudience(grants: Row['grants']): ClientFacts['grants'] {
  const scopes = new Map<string, string[]>();
  for (const { audience, scope } of grants) scopes.set(audience, [...(scopes.get(audience) ?? []), scope]);
  return [...scopes].map(([audience, names]) => ({ audience, scopes: names }));
}
