import { setTimeout as sleep } from 'node:timers/promises';

/** How far a guard came within the time. */
export interface GuardProgress {
  /** its management address, as given */
  readonly guard: string;
  readonly reached: boolean;
  /** the last number it was seen at */
  readonly seq: number | undefined;
  /** from the beginning until it was seen to have reached the number, or until the time was over */
  readonly milliseconds: number;
  /** why the last look failed */
  readonly fault: string | undefined;
}

export interface AwaitedGuards {
  readonly seq: number;
  /** addresses of management listeners, without path */
  readonly guards: readonly string[];
  readonly timeoutMs: number;
}

const BETWEEN_LOOKS_MS = 20;
const ONE_LOOK_MS = 1000;
const LATE = 'gave no answer in time';
const GAUGE = /^revocation_feed_seq(?:\{.*\})? (\S+)/m;

/**
 * Looks at the metrics of every guard until each has applied the feed up to the number, or the time is over.
 * Does not check: whether a guard that reached it is fresh now (that it refuses what it knows needs no freshness); the
 * epoch, which no gauge says: right after a restored database a guard may still stand at a higher number of the old one.
 */
export function awaitGuards({ seq, guards, timeoutMs }: AwaitedGuards): Promise<GuardProgress[]> {
  const begin = performance.now();
  return Promise.all(guards.map((guard) => awaitGuard(guard, seq, begin, begin + timeoutMs)));
}

async function awaitGuard(guard: string, wanted: number, begin: number, end: number): Promise<GuardProgress> {
  let seq: number | undefined;
  let fault: string | undefined;
  for (;;) {
    const left = end - performance.now();
    const seen = await look(guard, Math.max(left, 1));
    // A look that the end of the time cut short says less than the one before it.
    if (seen.fault !== LATE || left >= ONE_LOOK_MS || (seq === undefined && fault === undefined)) {
      ({ seq = seq, fault } = seen);
    }
    const milliseconds = Math.round(performance.now() - begin);
    const reached = seq !== undefined && seq >= wanted;
    if (reached || performance.now() >= end) return { guard, reached, seq, milliseconds, fault };
    await sleep(BETWEEN_LOOKS_MS);
  }
}

async function look(guard: string, leftMs: number): Promise<{ seq?: number; fault?: string }> {
  try {
    const answer = await fetch(new URL('/metrics', guard), {
      signal: AbortSignal.timeout(Math.ceil(Math.min(leftMs, ONE_LOOK_MS))),
      redirect: 'error',
    });
    const text = await answer.text();
    if (answer.status !== 200) return { fault: `answered ${answer.status}` };
    const [, value] = GAUGE.exec(text) ?? [];
    if (value === undefined) return { fault: 'has no revocation_feed_seq' };
    return Number.isSafeInteger(Number(value)) ? { seq: Number(value) } : { fault: 'has no feed yet' };
  } catch (error) {
    return { fault: (error as Error).name === 'TimeoutError' ? LATE : `cannot be read (${causeOf(error)})` };
  }
}

function causeOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: unknown; message?: unknown } };
  return String(cause?.code ?? cause?.message ?? message);
}
