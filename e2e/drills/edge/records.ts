import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Stack } from '../../stack/start-stack.js';

/** What the token service keeps of those who came. */
export interface Records {
  /** authentication events of callers that proved who they are */
  proven: number;
  /** authentication events of callers that proved nothing: there must be none, they are counted instead // A34 */
  strangers: number;
  /** rows of counts of refused strangers */
  counts: number;
  /** events that still wait to be written a while after the last request */
  queued: number;
}

const COUNTS = `
SELECT count(*) FILTER (WHERE authenticated)::int AS proven, count(*) FILTER (WHERE NOT authenticated)::int AS strangers,
  (SELECT count(*)::int FROM token.refused_attempts) AS counts
FROM token.authentication_event`;
const WRITTEN_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 200;

export async function readRecords({ databaseAdminUrl, urls }: Stack): Promise<Records> {
  const queued = await queuedInTheEnd(urls.management['token-service']);
  const database = new pg.Client({ connectionString: databaseAdminUrl });
  await database.connect();
  try {
    const { rows } = await database.query<Omit<Records, 'queued'>>(COUNTS);
    return { ...rows[0]!, queued };
  } finally {
    await database.end();
  }
}

async function queuedInTheEnd(managementUrl: string): Promise<number> {
  for (const until = Date.now() + WRITTEN_WITHIN_MS; ; await sleep(LOOK_EVERY_MS)) {
    const answer = await fetch(`${managementUrl}/metrics`, { headers: { connection: 'close' } });
    const queued = Number(/^authentication_events_queued\S* (\S+)$/m.exec(await answer.text())?.[1]);
    if (queued === 0 || Date.now() > until) return queued;
  }
}
