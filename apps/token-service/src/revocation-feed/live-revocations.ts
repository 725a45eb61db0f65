import { SubjectMap, type FindRevocation } from '@partner-ecosystem/mtls-binding/protocol';
import type { RecordedRevocation, RevocationReading } from './recorded-revocation.js';

/** The rows of `token.revocation` that still refuse something, as last read. */
export class LiveRevocations {
  #rows = new SubjectMap<RecordedRevocation>();
  /** Undefined when something changed since. */
  #list: readonly RecordedRevocation[] | undefined = [];
  /** No row expires before, in seconds. */
  #nextExpiry = Infinity;

  take({ since, rows }: Pick<RevocationReading, 'since' | 'rows'>): void {
    if (since === 0) this.#rows = new SubjectMap();
    for (const row of rows) this.#rows.set(row.entry.kind, row.entry.subject, row);
    if (since === 0 || rows.length > 0) this.#list = undefined;
  }

  readonly find: FindRevocation = (...subject) => this.#rows.find(...subject)?.entry;

  /** Those that have not expired, and the same array while they are the same; the others are forgotten. */
  at(now: Date): readonly RecordedRevocation[] {
    const seconds = now.getTime() / 1_000;
    if (this.#list && this.#nextExpiry > seconds) return this.#list;
    this.#nextExpiry = Infinity;
    this.#rows.keep(({ entry }) => {
      if (entry.expires_at <= seconds) return false;
      this.#nextExpiry = Math.min(this.#nextExpiry, entry.expires_at);
      return true;
    });
    this.#list = [...this.#rows.values()];
    return this.#list;
  }
}
