import { setTimeout as sleep } from 'node:timers/promises';
import type { AuthenticationEvent } from './authentication-event.js';
import type { EventQueue } from './event-queue.js';

export interface EventWriterOptions {
  readonly queue: EventQueue;
  readonly store: (events: readonly AuthenticationEvent[]) => Promise<void>;
  readonly batchMs: number;
  readonly batchBound: number;
  readonly retryMs: number;
  readonly onStored: (count: number) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Carries events from the queue to Postgres in batches, one batch at a time, and never gives one up. */
export class EventWriter {
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(private readonly options: EventWriterOptions) {}

  /** Call after an event was queued: it is written with whatever else comes within the time of a batch. */
  notice(): void {
    const { queue, batchBound, batchMs } = this.options;
    if (this.#writing || this.#stop.signal.aborted) return;
    if (queue.waiting >= batchBound) return this.write();
    this.#timer ??= setTimeout(() => this.write(), batchMs);
  }

  /**
   * Writes what is left, for at most `patienceMs`.
   * @returns how many events could not be written
   */
  async finish(patienceMs: number): Promise<number> {
    clearTimeout(this.#timer);
    const { queue, retryMs } = this.options;
    const until = performance.now() + patienceMs;
    this.#stop.abort();
    // A database that is silent must not hold up the end of the process.
    await Promise.race([this.#writing, sleep(patienceMs, undefined, { ref: false })]);
    while (!this.#writing && queue.length > 0 && performance.now() < until) {
      if (!(await this.writeBatch())) await sleep(retryMs);
    }
    return queue.length;
  }

  private write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.drain().finally(() => {
      this.#writing = undefined;
      if (this.options.queue.waiting > 0) this.notice();
    });
  }

  // What comes while a batch is being written waits for its own time, unless it fills a batch by itself.
  private async drain(): Promise<void> {
    const { queue, batchBound, retryMs } = this.options;
    const { signal } = this.#stop;
    do {
      while (!(await this.writeBatch())) {
        await sleep(retryMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
      }
    } while (queue.waiting >= batchBound && !signal.aborted);
  }

  private async writeBatch(): Promise<boolean> {
    const { queue, store, batchBound, onStored, onFailure } = this.options;
    const batch = queue.take(batchBound);
    try {
      if (batch.length > 0) await store(batch);
    } catch (error) {
      onFailure(error);
      return false;
    }
    queue.stored();
    onStored(batch.length);
    return true;
  }
}
