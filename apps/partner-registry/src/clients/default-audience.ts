import type { EntityManager } from 'typeorm';

/** SQL: what of client row `c` is in force at a moment: grants `g`, each with its resource server `r`. */
const grantsInForce = (c: string, now: string): string => `
  registry.grants g JOIN registry.resource_servers r ON r.id = g.resource_server_id
   WHERE g.client_id = ${c}.id AND g.status = 'active' AND (g.valid_until IS NULL OR g.valid_until > ${now})`;

/**
 * SQL: the audience of the tokens of client row `c` when a token request names no `resource`, decided as the token
 * service does; NULL: such a request is refused with `invalid_target`. // A23, A46
 */
export function defaultAudience(c: string, now: string): string {
  return `(SELECT CASE
      WHEN ${c}.default_resource IS NOT NULL THEN max(r.audience) FILTER (WHERE r.audience = ${c}.default_resource)
      WHEN count(DISTINCT r.audience) = 1 THEN max(r.audience) END
    FROM ${grantsInForce(c, now)})`;
}

/** SQL: whether client row `c` has a grant that is in force. */
export function isGranted(c: string, now: string): string {
  return `EXISTS (SELECT 1 FROM ${grantsInForce(c, now)})`;
}

/** What a token request gets that names no resource. */
export interface DefaultTarget {
  /** null: it is refused */
  readonly audience: string | null;
  readonly granted: boolean;
}

const OF_CLIENT = `
SELECT ${defaultAudience('c', '$2::timestamptz')} AS audience, ${isGranted('c', '$2')} AS granted
  FROM registry.clients c WHERE c.id = $1`;

/** As things stand in the transaction. @param clientId uuid */
export async function defaultTarget(database: EntityManager, clientId: string, now: Date): Promise<DefaultTarget> {
  const [found] = await database.query<DefaultTarget[]>(OF_CLIENT, [clientId, now]);
  return found!;
}
