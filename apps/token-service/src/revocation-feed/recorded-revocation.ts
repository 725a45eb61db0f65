import type { RevocationEntry } from '@partner-ecosystem/mtls-binding/protocol';
import type { Moment } from '../database/clock.js';

/** Whom a subject belongs to, as far as the recorder knew. */
export interface Within {
  readonly partner_id?: string;
  readonly client_id?: string;
}

/** A row of `token.revocation`: the entry as the feed tells it, and what only coarsening needs. */
export interface RecordedRevocation {
  readonly entry: RevocationEntry;
  readonly within: Within;
}

/** What one look at Postgres saw: one snapshot of the counter and the rows behind a number. Instants in ms. */
export interface RevocationReading {
  readonly epoch: string;
  /** The newest number. */
  readonly head: number;
  /** Rows with a greater number; 0: all of them. */
  readonly since: number;
  readonly rows: readonly RecordedRevocation[];
  /** By the clocks of this process, before the question was sent: what was committed by then is known. */
  readonly asked: Moment;
  /** By its wall clock. */
  readonly answeredAt: number;
  /** By the clock of Postgres, somewhere in between. */
  readonly databaseNow: number;
}

/** How far the two clocks are apart beyond what the way there and back may explain, in ms. */
export function clockDifference({ asked, answeredAt, databaseNow }: RevocationReading): number {
  return Math.max(asked.wall - databaseNow, databaseNow - answeredAt, 0);
}
