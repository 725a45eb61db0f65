import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpsClient } from '../../stack/admin/https-client.js';
import type { Stack } from '../../stack/start-stack.js';
import type { Victim } from '../revocations/victim.js';

const PAUSE_MS = 50;

export interface HonestReport {
  /** milliseconds of each answer, sorted */
  times: number[];
  /** by status or error */
  unexpected: Record<string, number>;
}

/** A registered partner that gets tokens and reads its shipments, a few requests at a time, whatever else happens. */
export class HonestCallers {
  private readonly times: number[] = [];
  private readonly unexpected: Record<string, number> = {};
  private readonly callers: Promise<void>[];
  private stopping = false;

  private constructor(
    private readonly client: HttpsClient,
    private readonly partner: Victim,
    private readonly urls: Stack['urls'],
    private token: string,
    atOnce: number,
  ) {
    this.callers = Array.from({ length: atOnce }, () => this.callAgainAndAgain());
  }

  /** Begins with connections that stand: what is measured is requests and not handshakes. */
  static async start(
    client: HttpsClient,
    partner: Victim,
    urls: Stack['urls'],
    atOnce: number,
  ): Promise<HonestCallers> {
    return new HonestCallers(client, partner, urls, await partner.accessToken(), atOnce);
  }

  async stop(): Promise<HonestReport> {
    this.stopping = true;
    await Promise.all(this.callers);
    return { times: this.times.sort((a, b) => a - b), unexpected: this.unexpected };
  }

  private async callAgainAndAgain(): Promise<void> {
    while (!this.stopping) {
      await this.timed(async () => void (this.token = await this.partner.accessToken()));
      await this.timed(() => this.read());
      await sleep(PAUSE_MS);
    }
  }

  private async timed(request: () => Promise<void>): Promise<void> {
    const began = performance.now();
    try {
      await request();
      this.times.push(performance.now() - began);
    } catch (error) {
      const what = error instanceof Error ? error.message.slice(0, 200) : String(error);
      this.unexpected[what] = (this.unexpected[what] ?? 0) + 1;
    }
  }

  private async read(): Promise<void> {
    const url = `${this.urls.resource}/v1/shipments`;
    const { status, text } = await this.client.send({ url, identity: this.partner.identity, token: this.token });
    if (status !== 200) throw new Error(`shipments: ${status} ${text}`);
  }
}
