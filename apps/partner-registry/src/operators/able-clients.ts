import type { EntityManager } from 'typeorm';
import { ableNow } from '../records/able-now.js';

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
  JOIN registry.clients c ON c.id = g.client_id AND ($4::uuid IS NULL OR c.id = $4)
  JOIN registry.partners p ON p.id = c.partner_id
 WHERE r.audience = $1 AND ${ableNow('c', 'p', '$3')}
 LIMIT 1`;

/**
 * Whether there is such a client: it, its partner and its grant active, with a credential that is good now.
 *
 * Does not check: whether anybody still has the key of that credential; the keys of a client that has keys.
 */
export async function isAnyAble(transaction: EntityManager, ability: Ability, now: Date): Promise<boolean> {
  const { audience, scope, clientId = null } = ability;
  return (await transaction.query<unknown[]>(ABLE, [audience, scope, now, clientId])).length > 0;
}
