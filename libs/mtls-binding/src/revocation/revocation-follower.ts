import type { Revocations } from './revocation-state.js';

export interface FollowerStatus {
  /** undefined before the first statement */
  readonly epoch: string | undefined;
  /** 0 before the first statement */
  readonly seq: number;
  /** of what is known, in milliseconds; `Infinity` before the first statement */
  readonly ageMs: number;
  /** live revocations held */
  readonly entries: number;
  /** from the recording of the newest revocation until it was in force here, in milliseconds; undefined until one came while following */
  readonly lagMs: number | undefined;
}

/** For whatever metrics library the API has. `value()` is cheap: ask it at every scrape. */
export interface FollowerGauge {
  readonly name: string;
  readonly help: string;
  value(): number;
}

/** The live revocations of one issuer, kept current in the background. Hand it to `MtlsBindingModule` as `revocations`. */
export interface RevocationFollower extends Revocations {
  /** Begins, or does nothing if it has begun. Until the first statement came, the guard answers 503. */
  start(): void;
  /** Ends the request under way at once. What is known grows old from here; `start()` goes on with it. */
  stop(): Promise<void>;
  /**
   * Resolves when what is known is fresh, rejects with the reason when it is not; waits at most for the outcome of the
   * first attempt. For readiness.
   */
  ready(): Promise<void>;
  status(): FollowerStatus;
  gauges(): readonly FollowerGauge[];
}
