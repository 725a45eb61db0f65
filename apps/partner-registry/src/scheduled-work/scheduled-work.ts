import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { errorFields, type Logger } from '@partner-ecosystem/platform/logging';

/** Something that is done again and again while the process runs. */
export interface ScheduledTask {
  /** of the metric's label and the log lines: `retire-certificates` */
  readonly name: string;
  /** between the end of one run and the start of the next */
  readonly everyMs: number;
  /**
   * One round. Every replica runs it at the same time, and any may be killed within it: what must happen once is one
   * transaction that locks its row and looks at its state (`FOR UPDATE SKIP LOCKED`).
   * @param stopping tells it to come to an end, because the process does
   */
  run(now: Date, stopping: AbortSignal): Promise<void>;
}

export interface ScheduledWorkSettings {
  /** false: this replica does none */
  readonly enabled: boolean;
  readonly logger: Logger;
}

export const SCHEDULED_WORK_SETTINGS = Symbol('SCHEDULED_WORK_SETTINGS');

interface Round {
  readonly task: ScheduledTask;
  timer?: NodeJS.Timeout;
  running?: Promise<void>;
  outcome?: 'done' | 'failed';
  lastDone: number;
}

/**
 * Runs the registry's tasks until the process stops, then waits for those under way. A failing task is logged when that
 * begins and when it ends, is tried again at its usual time, and stops nobody.
 */
@Injectable()
export class ScheduledWork implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #rounds: Round[] = [];
  readonly #stopping = new AbortController();

  constructor(@Inject(SCHEDULED_WORK_SETTINGS) private readonly settings: ScheduledWorkSettings) {}

  /** To be called in `onModuleInit`. */
  add(task: ScheduledTask): void {
    this.#rounds.push({ task, lastDone: performance.now() });
  }

  /** In the order they were added. */
  get tasks(): readonly ScheduledTask[] {
    return this.#rounds.map(({ task }) => task);
  }

  onApplicationBootstrap(): void {
    if (this.settings.enabled) this.#rounds.forEach((round) => this.begin(round));
    else this.settings.logger.warn('scheduled work is off: another replica has to do it');
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    this.#rounds.forEach(({ timer }) => clearTimeout(timer));
    await Promise.all(this.#rounds.map(({ running }) => running));
  }

  /** For metrics: seconds since each task's last round that succeeded, or since the start. */
  ages(): ReadonlyMap<string, number> {
    if (!this.settings.enabled) return new Map();
    const now = performance.now();
    return new Map(this.#rounds.map(({ task, lastDone }) => [task.name, (now - lastDone) / 1_000]));
  }

  private begin(round: Round): void {
    round.running = this.runOnce(round).finally(() => {
      if (!this.#stopping.signal.aborted) round.timer = setTimeout(() => this.begin(round), round.task.everyMs).unref();
    });
  }

  private async runOnce(round: Round): Promise<void> {
    try {
      await round.task.run(new Date(), this.#stopping.signal);
      round.lastDone = performance.now();
      this.report(round, 'done');
    } catch (error) {
      this.report(round, 'failed', error);
    }
  }

  // Once per change: a database that is away for an hour is one line, and its end another.
  private report(round: Round, outcome: 'done' | 'failed', error?: unknown): void {
    const before = round.outcome;
    round.outcome = outcome;
    if (outcome === before) return;
    const { name: task } = round.task;
    if (outcome === 'failed')
      this.settings.logger.error({ task, err: errorFields(error, { stack: false }) }, 'scheduled work failed');
    else if (before === 'failed') this.settings.logger.info({ task }, 'scheduled work succeeds again');
  }
}
