import { errorFields, type Logger } from '../logging/index.js';

/** Something this process needs in order to serve, e.g. its database. `check` rejects while it cannot be had. */
export interface ReadinessCheck {
  name: string;
  check(): Promise<void>;
}

export interface ReadinessReport {
  ready: boolean;
  /** per check `ok` or `failed`; why it failed is in the log */
  checks: Record<string, 'ok' | 'failed'>;
  draining: boolean;
}

const CHECK_TIMEOUT_MS = 2_000;

/** Asks every check, at most two seconds each, and says in the log when one fails and when it is well again. */
export class Readiness {
  private readonly failing = new Set<string>();
  private draining = false;

  constructor(
    private readonly checks: readonly ReadinessCheck[],
    private readonly logger: Logger,
  ) {}

  /** From now on never ready: the balancer must send new connections elsewhere. */
  drain(): void {
    this.draining = true;
  }

  async report(): Promise<ReadinessReport> {
    const results = await Promise.all(this.checks.map(async (check) => [check.name, await this.ask(check)] as const));
    const healthy = results.every(([, result]) => result === 'ok');
    return { ready: healthy && !this.draining, checks: Object.fromEntries(results), draining: this.draining };
  }

  private async ask(check: ReadinessCheck): Promise<'ok' | 'failed'> {
    try {
      await withinTimeout(check);
      if (this.failing.delete(check.name)) this.logger.info({ check: check.name }, 'readiness check is well again');
      return 'ok';
    } catch (error) {
      if (!this.failing.has(check.name)) {
        this.logger.warn({ check: check.name, err: errorFields(error, { stack: false }) }, 'readiness check failed');
      }
      this.failing.add(check.name);
      return 'failed';
    }
  }
}

async function withinTimeout(check: ReadinessCheck): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS);
  });
  try {
    await Promise.race([check.check(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
