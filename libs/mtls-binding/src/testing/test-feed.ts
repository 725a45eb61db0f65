import { randomUUID } from 'node:crypto';
import { subjectKey, type FeedStatement, type RevocationEntry } from '../protocol/revocation-feed.js';
import type { TestRevocation } from './test-issuer.js';

const ENTRY_LIFETIME_SECONDS = 3_600;

/** The entries of a test issuer's feed, their numbers, and who waits for the next one. */
export class TestFeed {
  #epoch = randomUUID();
  #seq = 0;
  #lastIatMs = 0;
  #entries = new Map<string, RevocationEntry>();
  readonly #waiting = new Set<() => void>();

  constructor(private readonly issuer: string) {}

  get position(): { epoch: string; seq: number } {
    return { epoch: this.#epoch, seq: this.#seq };
  }

  revoke({ kind, subject, mode = 'off', issuedBefore, expiresAt }: TestRevocation): number {
    const now = Date.now() / 1000;
    this.#seq += 1;
    this.#entries.set(subjectKey(kind, subject), {
      seq: this.#seq,
      kind,
      subject,
      mode,
      recorded_at: now,
      ...(mode === 'cutoff' ? { issued_before: issuedBefore ? issuedBefore.getTime() / 1000 : now } : {}),
      expires_at: expiresAt ? expiresAt.getTime() / 1000 : now + ENTRY_LIFETIME_SECONDS,
    });
    this.wake();
    return this.#seq;
  }

  lowerSeq(by: number): void {
    this.#seq = Math.max(0, this.#seq - by);
    this.#entries = new Map([...this.#entries].filter(([, { seq }]) => seq <= this.#seq));
    this.wake();
  }

  beginEpoch(): string {
    this.#epoch = randomUUID();
    this.wake();
    return this.#epoch;
  }

  /** The statement for whoever stands at this position. Its `iat` is newer than that of any statement before. */
  statement(asked: { epoch: string | undefined; since: number }, maxAge: number): FeedStatement {
    this.#lastIatMs = Math.max(Date.now(), this.#lastIatMs + 1);
    const iat = this.#lastIatMs / 1000;
    const since = asked.epoch === this.#epoch ? asked.since : 0;
    const entries = [...this.#entries.values()].filter(({ seq }) => seq > since);
    return {
      iss: this.issuer,
      iat,
      exp: iat + maxAge,
      epoch: this.#epoch,
      seq: this.#seq,
      since,
      max_age: maxAge,
      entries: entries.sort((a, b) => a.seq - b.seq),
    };
  }

  /** Resolves when something changed or the time is over. */
  change(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.#waiting.add(done);
    });
  }

  wake(): void {
    for (const done of [...this.#waiting]) done();
  }
}
