import type { EntityManager } from 'typeorm';
import type { ChainHead } from './audit-trail.js';

/** An event as it is stored. */
export interface StoredEvent {
  readonly seq: number;
  /** RFC 8785 */
  readonly canonical: string;
  readonly hash: string;
}

export interface AuditFilter {
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly target?: string | undefined;
  readonly request_id?: string | undefined;
}

/** Events behind `after` in the order of the chain, at most `limit`. */
export async function auditEventsAfter(
  database: EntityManager,
  after: number,
  limit: number,
  filter: AuditFilter = {},
): Promise<StoredEvent[]> {
  const values: unknown[] = [after, limit];
  const condition = (column: string, value: string | undefined) =>
    value === undefined ? '' : ` AND ${column} = $${values.push(value)}`;
  const ofTarget = condition('t.target', filter.target);
  // Walking along the filter's own index in the order of the chain, whatever the size of the rest.
  const from = ofTarget
    ? `registry.audit_event_targets t JOIN registry.audit_events e ON e.seq = t.seq WHERE t.seq > $1${ofTarget}`
    : 'registry.audit_events e WHERE e.seq > $1';
  const rest =
    condition('e.action', filter.action) +
    condition('e.actor', filter.actor) +
    condition('e.request_id', filter.request_id);
  const rows = await database.query<(Omit<StoredEvent, 'seq'> & { seq: string })[]>(
    `SELECT e.seq, e.canonical, e.hash FROM ${from}${rest} ORDER BY ${ofTarget ? 't' : 'e'}.seq LIMIT $2`,
    values,
  );
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}

/** undefined: there is no head, which nobody but the owner of the table can bring about */
export async function auditHead(database: EntityManager): Promise<ChainHead | undefined> {
  const [head] = await database.query<{ seq: string; hash: string }[]>('SELECT seq, hash FROM registry.audit_head');
  return head && { seq: Number(head.seq), hash: head.hash };
}
