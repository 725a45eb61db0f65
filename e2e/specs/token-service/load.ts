import { expect, vi } from 'vitest';
import type { Answer } from '../../stack/admin/https-client.js';

/** What became of one request. Milliseconds of `performance.now()`. */
export interface Sample {
  /** when it was sent */
  readonly at: number;
  readonly tookMs: number;
  /** 0: there was no answer */
  readonly status: number;
  readonly answer: Answer | undefined;
  readonly error: unknown;
}

// So many seconds' worth may be unanswered: a machine that is too slow for the rate gets less, rather than ever more.
const MOST_SECONDS_UNANSWERED = 5;

/** So many requests a second, whether or not the earlier ones were answered. */
export class Load {
  readonly samples: Sample[] = [];
  readonly #pending = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  /** @param ask sends the n-th request */
  constructor(
    readonly perSecond: number,
    private readonly ask: (n: number) => Promise<Answer>,
  ) {}

  start(): this {
    let n = 0;
    this.#timer = setInterval(() => {
      if (this.#pending.size >= MOST_SECONDS_UNANSWERED * this.perSecond) return;
      const asked = this.sample(n++).finally(() => this.#pending.delete(asked));
      this.#pending.add(asked);
    }, 1_000 / this.perSecond);
    return this;
  }

  /** Waits until so many more were answered. */
  async answered(count: number): Promise<void> {
    const enough = this.samples.length + count;
    await vi.waitFor(() => expect(this.samples.length).toBeGreaterThanOrEqual(enough), { timeout: 240_000 });
  }

  /** Waits for the last answer. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#pending);
  }

  between(from: number, to: number): Sample[] {
    return this.samples.filter(({ at }) => at >= from && at < to);
  }

  private async sample(n: number): Promise<void> {
    const at = performance.now();
    let error: unknown;
    const answer = await this.ask(n).catch((thrown: unknown) => void (error = thrown));
    this.samples.push({
      at,
      tookMs: performance.now() - at,
      status: answer?.status ?? 0,
      answer: answer ?? undefined,
      error,
    });
  }
}

/** How often each status came, e.g. `200: 41, 503: 7`. */
export function countsOf(samples: readonly Sample[]): string {
  const counts = new Map<number, number>();
  for (const { status } of samples) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, times]) => `${status}: ${times}`).join(', ') || 'none';
}

export function slowestMs(samples: readonly Sample[]): number {
  return Math.round(Math.max(0, ...samples.map(({ tookMs }) => tookMs)));
}

export function medianMs(samples: readonly Sample[]): number {
  const sorted = samples.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
}
