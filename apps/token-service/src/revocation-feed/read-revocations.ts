import type { RevocationEntry } from '@partner-ecosystem/mtls-binding/protocol';
import { momentOf, systemClock } from '../database/clock.js';
import type { DedicatedConnection } from '../database/dedicated-connection.js';
import type { RecordedRevocation, RevocationReading, Within } from './recorded-revocation.js';

// One statement, so that the counter and the rows up to it are of one snapshot. Numbers are dense and become visible in
// their order: what is committed later has a higher one.
const REVOCATIONS = `
  SELECT c.epoch, c.last_seq::float8 AS head, extract(epoch FROM clock_timestamp())::float8 * 1000 AS now,
      r.seq::float8 AS seq, r.kind, r.subject, r.within, r.mode,
      extract(epoch FROM r.recorded_at)::float8 AS recorded_at,
      extract(epoch FROM r.issued_before)::float8 AS issued_before,
      extract(epoch FROM r.expires_at)::float8 AS expires_at
    FROM token.revocation_counter c
    LEFT JOIN token.revocation r ON r.seq > $1 AND r.expires_at > clock_timestamp()`;

interface Row {
  readonly epoch: string;
  readonly head: number;
  readonly now: number;
  readonly seq: number | null;
  readonly kind: RevocationEntry['kind'];
  readonly subject: RevocationEntry['subject'];
  readonly within: Within;
  readonly mode: RevocationEntry['mode'];
  readonly recorded_at: number;
  readonly issued_before: number | null;
  readonly expires_at: number;
}

/** The head, and the live revocations with a number greater than `since`. */
export async function readRevocations(
  connection: Pick<DedicatedConnection, 'query'>,
  since: number,
): Promise<RevocationReading> {
  const asked = momentOf(systemClock);
  const found = await connection.query<Row>(REVOCATIONS, [since]);
  const [first] = found;
  if (!first) throw new Error('token.revocation_counter is empty: the token service’s migrations made its row');
  const { epoch, head, now } = first;
  const rows = found.filter(({ seq }) => seq !== null).map(recorded);
  return { epoch, head, since, rows, asked, answeredAt: Date.now(), databaseNow: now };
}

function recorded({
  seq,
  kind,
  subject,
  within,
  mode,
  recorded_at,
  issued_before,
  expires_at,
}: Row): RecordedRevocation {
  const entry = { seq: seq!, kind, subject, mode, recorded_at, expires_at };
  // An off remembers what a cutoff before it said: nothing that APIs need.
  return { within, entry: mode === 'cutoff' ? { ...entry, issued_before: issued_before! } : entry };
}
