import { subjectKey, type RevocationEntry } from '@partner-ecosystem/mtls-binding/protocol';
import type { RecordedRevocation, RevocationReading } from './recorded-revocation.js';

/** The rows of `token.revocation` that still refuse something, as last read. */
export class LiveRevocations {
  #rows = new Map<string, RecordedRevocation>();
  /** Undefined when something changed since. */
  #list: readonly RecordedRevocation[] | undefined = [];
  /** No row expires before, in seconds. */
  #nextExpiry = Infinity;

  take({ since, rows }: Pick<RevocationReading, 'since' | 'rows'>): void {
    if (since === 0) this.#rows = new Map();
    for (const row of rows) this.#rows.set(subjectKey(row.entry.kind, row.entry.subject), row);
    if (since === 0 || rows.length > 0) this.#list = undefined;
  }

  find(key: string): RevocationEntry | undefined {
    return this.#rows.get(key)?.entry;
  }

  /** Those that have not expired, and the same array while they are the same; the others are forgotten. */
  at(now: Date): readonly RecordedRevocation[] {
    const seconds = now.getTime() / 1_000;
    if (this.#list && this.#nextExpiry > seconds) return this.#list;
    this.#nextExpiry = Infinity;
    for (const [key, { entry }] of this.#rows) {
      if (entry.expires_at <= seconds) this.#rows.delete(key);
      else this.#nextExpiry = Math.min(this.#nextExpiry, entry.expires_at);
    }
    this.#list = [...this.#rows.values()];
    return this.#list;
  }
}
