import type { DataSource, EntityManager } from 'typeorm';
import type { CertainEffect } from './certain-effect.js';
import { THUMBPRINT } from './client-facts.js';
import type { Effect, ImpactTotals } from './impact.js';

/** Clients by what a change would do to them, and those that have to be judged. */
export interface CountedEffects {
  readonly totals: ImpactTotals;
  /** uuids, if they are not too many: then `totals.undecided` leaves them out */
  readonly toJudge: readonly string[];
}

/** So many are judged at once. */
const MOST_JUDGED = 100;
const RECENT_MS = 7 * 86_400_000;
/** Short of what any statement may take. */
const PATIENCE_MS = 8_000;
const QUERY_CANCELED = '57014';

const USED_LATELY = `(
  EXISTS (SELECT 1 FROM registry.certificates t JOIN token.certificate_use u ON u.thumbprint = ${THUMBPRINT('t')}
    WHERE t.client_id = c.id AND u.last_seen_at > $3)
  OR (c.certificate_policy = 'identity_only' AND EXISTS (SELECT 1 FROM token.authentication_event_published e
    WHERE e.client_id = c.client_id AND e.occurred_at > $3 AND e.authenticated)))`;

const CLIENTS = `registry.clients c JOIN registry.partners p ON p.id = c.partner_id
  CROSS JOIN (SELECT $2::timestamptz AS now) m`;

const COUNTS = (affected: string, effect: CertainEffect): string => `
SELECT count(*)::int AS clients,
  count(*) FILTER (WHERE effect = 'cut_off')::int AS cut_off,
  count(*) FILTER (WHERE used)::int AS cut_off_used_last_7_days,
  count(*) FILTER (WHERE effect = 'loses_certificates')::int AS loses_certificates,
  0 AS loses_default_audience, -- only judging tells
  count(*) FILTER (WHERE effect = 'none')::int AS none,
  count(*) FILTER (WHERE effect IS NULL)::int AS undecided
 FROM (SELECT c.*, CASE WHEN c.effect = 'cut_off' THEN ${USED_LATELY} END AS used
   FROM (SELECT c.id, c.client_id, c.certificate_policy, ${effect} AS effect
     FROM ${CLIENTS} WHERE c.id IN (${affected}) OFFSET 0) c) c`;

const TO_JUDGE = (affected: string, effect: CertainEffect): string => `
SELECT c.id FROM ${CLIENTS} WHERE c.id IN (${affected}) AND (${effect}) IS NULL ORDER BY c.id`;

// Read off an index, however many they are.
const CLIENTS_ONLY = (affected: string): string => `SELECT count(*)::int AS clients FROM (${affected}) a`;

/**
 * @param affected one of `AFFECTED`
 * @param patienceMs when counting takes longer, everybody is undecided
 */
export async function countEffects(
  database: DataSource,
  { affected, effect, id, now, patienceMs = PATIENCE_MS }: Question,
): Promise<CountedEffects> {
  const recent = new Date(now.getTime() - RECENT_MS);
  const counted = await withinTime(database, patienceMs, (transaction) =>
    transaction.query<ImpactTotals[]>(COUNTS(affected, effect), [id, now, recent]),
  );
  if (!counted) return { totals: await undecided(database, affected, id), toJudge: [] };
  const totals = counted[0]!;
  if (totals.undecided === 0 || totals.undecided > MOST_JUDGED) return { totals, toJudge: [] };
  const rows = await database.query<{ id: string }[]>(TO_JUDGE(affected, effect), [id, now]);
  return { totals: { ...totals, undecided: 0 }, toJudge: rows.map((row) => row.id) };
}

interface Question {
  readonly affected: string;
  readonly effect: CertainEffect;
  readonly id: string;
  readonly now: Date;
  readonly patienceMs?: number;
}

async function undecided(database: DataSource, affected: string, id: string): Promise<ImpactTotals> {
  const [found] = await database.query<{ clients: number }[]>(CLIENTS_ONLY(affected), [id]);
  const { clients } = found!;
  return {
    clients,
    cut_off: 0,
    cut_off_used_last_7_days: 0,
    loses_certificates: 0,
    loses_default_audience: 0,
    none: 0,
    undecided: clients,
  };
}

/** undefined: it took too long. */
async function withinTime<T>(
  database: DataSource,
  patienceMs: number,
  ask: (transaction: EntityManager) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await database.transaction(async (transaction) => {
      await transaction.query(`SET LOCAL statement_timeout = ${patienceMs}`);
      return ask(transaction);
    });
  } catch (error) {
    const { code } = ((error as { driverError?: unknown }).driverError ?? {}) as { code?: unknown };
    if (code === QUERY_CANCELED) return undefined;
    throw error;
  }
}

/** The totals with clients that were judged one by one. */
export function withJudged(
  totals: ImpactTotals,
  judged: readonly { readonly effect: Effect; readonly last_seen_at: Date | null }[],
  now: Date,
): ImpactTotals {
  const those = (effect: string) => judged.filter((client) => client.effect === effect);
  const recent = now.getTime() - RECENT_MS;
  const used = those('cut_off').filter(({ last_seen_at: seen }) => seen !== null && seen.getTime() > recent);
  return {
    ...totals,
    cut_off: totals.cut_off + those('cut_off').length,
    cut_off_used_last_7_days: totals.cut_off_used_last_7_days + used.length,
    loses_certificates: totals.loses_certificates + those('loses_certificates').length,
    loses_default_audience: totals.loses_default_audience + those('loses_default_audience').length,
    none: totals.none + those('none').length,
  };
}
