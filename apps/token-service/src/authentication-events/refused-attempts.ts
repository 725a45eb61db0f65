import { addressRange } from '@partner-ecosystem/platform/limits';
import type { OAuthEndpointName } from '../oauth-error/oauth-endpoint.decorator.js';

/** A caller that proved nothing was refused. */
export interface RefusedAttempt {
  readonly endpoint: OAuthEndpointName;
  readonly error: string;
  readonly check: string;
  /** of a registered client, as claimed; undefined: no such client, or none was named */
  readonly clientId: string | undefined;
  readonly address: string | undefined;
  readonly requestId: string;
  readonly at: Date;
}

/** All of one day that have everything in common, as they are stored; names are those of the columns. */
export interface CountedRefusals {
  readonly day: string;
  readonly endpoint: string;
  readonly error: string;
  readonly failed_check: string;
  readonly client_id: string;
  readonly address_range: string;
  attempts: number;
  readonly first_at: string;
  last_at: string;
  /** the first ones, and the last one */
  readonly request_ids: string[];
}

/** Ranges and claimed clients told apart in one day; further ones are counted together. */
const MOST_TOLD_APART = 1_000;
const FIRST_REQUEST_IDS = 4;
const OTHERS = '*';

/**
 * Attempts of callers that proved nothing, counted instead of kept: who sends more of them makes a number grow, and
 * nothing else. // A34
 */
export class RefusedAttempts {
  readonly #rows = new Map<string, CountedRefusals>();
  #changed = new Set<CountedRefusals>();

  constructor(private readonly most = MOST_TOLD_APART) {}

  get toldApart(): number {
    return this.#rows.size;
  }

  note(attempt: RefusedAttempt): void {
    const row = this.rowOf(attempt);
    row.attempts += 1;
    row.last_at = attempt.at.toISOString();
    row.request_ids[Math.min(row.request_ids.length, FIRST_REQUEST_IDS)] = attempt.requestId;
    this.#changed.add(row);
  }

  /** Those that changed since the last call; give them back with again() where they could not be stored. */
  takeChanged(): CountedRefusals[] {
    const changed = [...this.#changed];
    this.#changed = new Set();
    return changed;
  }

  again(rows: readonly CountedRefusals[]): void {
    for (const row of rows) this.#changed.add(row);
  }

  private rowOf(attempt: RefusedAttempt): CountedRefusals {
    const day = attempt.at.toISOString().slice(0, 10);
    const { clientId = '', address } = attempt;
    const known = this.#rows.get(keyOf(day, attempt, clientId, addressRange(address)));
    if (known) return known;
    if (this.#rows.size >= this.most) this.forgetBefore(day);
    if (this.#rows.size < this.most) return this.add(day, attempt, clientId, addressRange(address));
    return this.#rows.get(keyOf(day, attempt, '', OTHERS)) ?? this.add(day, attempt, '', OTHERS);
  }

  private add(day: string, attempt: RefusedAttempt, client_id: string, address_range: string): CountedRefusals {
    const { endpoint, error, check: failed_check, at } = attempt;
    const [first_at, last_at] = [at.toISOString(), at.toISOString()];
    const what = { day, endpoint, error, failed_check, client_id, address_range };
    const row = { ...what, attempts: 0, first_at, last_at, request_ids: [] };
    this.#rows.set(keyOf(day, attempt, client_id, address_range), row);
    return row;
  }

  // What was stored on another day does not change any more.
  private forgetBefore(day: string): void {
    for (const [key, row] of this.#rows) if (row.day < day && !this.#changed.has(row)) this.#rows.delete(key);
  }
}

function keyOf(day: string, { endpoint, error, check }: RefusedAttempt, clientId: string, range: string): string {
  return [day, endpoint, error, check, clientId, range].join(' ');
}
