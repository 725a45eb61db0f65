import type { HttpsClient } from '../../stack/admin/https-client.js';
import type { Victim } from './victim.js';

const CHECK_EVERY_MS = 10;

/** What a partner that nobody touches sees while others are switched off. */
export interface LoadReport {
  answered: number;
  perSecond: number;
  /** by status or error, while its own token was not taken away */
  unexpected: Record<string, number>;
}

/** Calls the guarded route at a fixed rate, in turn at each guard, whether the answers come or not. */
export class BackgroundLoad {
  private readonly began = performance.now();
  private readonly unexpected: Record<string, number> = {};
  private answered = 0;
  private sent = 0;
  private refusalsExpected = false;
  private token: Promise<string>;
  private readonly timer: NodeJS.Timeout;
  private readonly pending = new Set<Promise<void>>();

  constructor(
    private readonly client: HttpsClient,
    private readonly bystander: Victim,
    private readonly guards: readonly string[],
    private readonly perSecond: number,
  ) {
    this.token = bystander.accessToken();
    this.timer = setInterval(() => this.sendDue(), CHECK_EVERY_MS);
  }

  /** From now on everybody's token may be refused, the bystander's too; until `renewToken`. */
  expectRefusals(): void {
    this.refusalsExpected = true;
  }

  renewToken(): void {
    this.token = this.bystander.accessToken();
    this.refusalsExpected = false;
  }

  async stop(): Promise<LoadReport> {
    clearInterval(this.timer);
    const perSecond = this.answered / ((performance.now() - this.began) / 1_000);
    await Promise.all(this.pending);
    return { answered: this.answered, perSecond, unexpected: this.unexpected };
  }

  private sendDue(): void {
    const due = Math.floor(((performance.now() - this.began) / 1_000) * this.perSecond);
    while (this.sent < due) {
      const one = this.sendOne(this.guards[this.sent++ % this.guards.length]!);
      this.pending.add(one);
      void one.then(() => this.pending.delete(one));
    }
  }

  private async sendOne(guard: string): Promise<void> {
    const used = this.token;
    try {
      const url = `${guard}/v1/shipments`;
      const { status } = await this.client.send({ url, identity: this.bystander.identity, token: await used });
      this.answered++;
      if (status !== 200) this.note(String(status), used);
    } catch (error) {
      this.note(error instanceof Error ? error.message : String(error), used);
    }
  }

  private note(what: string, used: Promise<string>): void {
    if (this.refusalsExpected || used !== this.token) return;
    this.unexpected[what] = (this.unexpected[what] ?? 0) + 1;
  }
}
