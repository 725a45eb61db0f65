import { setTimeout as sleep } from 'node:timers/promises';
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

/** So many requests a second, whether or not the earlier ones were answered. */
export class Load {
  readonly samples: Sample[] = [];
  readonly #pending = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  /** @param ask sends the n-th request */
  constructor(
    private readonly perSecond: number,
    private readonly ask: (n: number) => Promise<Answer>,
  ) {}

  start(): this {
    let n = 0;
    this.#timer = setInterval(() => {
      const asked = this.sample(n++).finally(() => this.#pending.delete(asked));
      this.#pending.add(asked);
    }, 1_000 / this.perSecond);
    return this;
  }

  /** Waits for the last answer. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#pending);
  }

  async runFor(ms: number): Promise<void> {
    this.start();
    await sleep(ms);
    await this.stop();
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
