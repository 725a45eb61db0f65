import type { Bench } from '../experiment.js';
import type { Figure } from '../figure.js';
import { summaryOf } from '../statistics.js';
import { atMost } from '../target.js';
import { PacedLoad, type Latencies } from './paced-load.js';
import type { Signing, TokenServers } from './token-servers.js';

interface Round {
  readonly ours: Latencies;
  readonly limit: Latencies;
}

/** P10: how long the slowest of a hundred waits when the service has half of the work that it can do. */
export async function latencyFigure(servers: TokenServers, signing: Signing, bench: Bench): Promise<Figure> {
  const { signal, say } = bench;
  const [rounds, seconds] = bench.quick ? [3, 2] : [8, 4];
  const perSecond = (await mostPerSecond(servers)) / 2;
  say(`P10 p99 latency at ${Math.round(perSecond)} requests per second, ours and limit …`);
  const load = servers.load;
  const ours = new PacedLoad(await servers.startOurs('p10-ours'), load);
  try {
    const limit = new PacedLoad(await servers.startLimit(signing, 'p10-limit'), load);
    try {
      for (const server of [ours, limit]) await server.run(perSecond, seconds);
      const measured: Round[] = [];
      while (measured.length < rounds) {
        signal.throwIfAborted();
        measured.push({ ours: await ours.run(perSecond, seconds), limit: await limit.run(perSecond, seconds) });
      }
      return figureOf(measured, perSecond);
    } finally {
      await limit.stop();
    }
  } finally {
    await ours.stop();
  }
}

/** Saturated, after a warm-up: the median of some bursts. */
async function mostPerSecond(servers: TokenServers): Promise<number> {
  const server = await servers.ours('p10-most');
  try {
    await server.burst(192, false);
    const seen: number[] = [];
    while (seen.length < 5) seen.push((await server.burst(48)).requestsPerSecond);
    return summaryOf(seen).median;
  } finally {
    await server.stop();
  }
}

function figureOf(rounds: readonly Round[], perSecond: number): Figure {
  const millis = (role: keyof Round, share: 'p50' | 'p99') =>
    summaryOf(rounds.map((round) => round[role][share])).median;
  const both = (share: 'p50' | 'p99') =>
    `${millis('ours', share).toFixed(2)} / ${millis('limit', share).toFixed(2)} ms`;
  return {
    id: 'P10',
    name: 'p10-p99',
    title: 'p99 at half the rate / limit at the same rate',
    unit: 'ratio',
    summary: summaryOf(rounds.map(({ ours, limit }) => ours.p99 / limit.p99)),
    target: atMost(2),
    perSecond: String(Math.round(perSecond)),
    note: `p99 ${both('p99')}, median ${both('p50')}`,
    details: rounds,
  };
}
