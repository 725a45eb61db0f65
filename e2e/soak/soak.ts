import type { Bench } from '../bench/experiment.js';
import { summaryOf } from '../bench/statistics.js';
import { PacedLoad, type Latencies } from '../bench/tokens/paced-load.js';
import { onTokenScene } from '../bench/tokens/token-scene.js';
import { TokenServers } from '../bench/tokens/token-servers.js';
import { churn } from './churn.js';

const CONNECTIONS = 32;
const WINDOW_SECONDS = 10;
const MIB = 2 ** 20;

export interface Window extends Latencies {
  readonly residentBytes: number;
}

/**
 * Tokens at half of the most there can be, while access is taken away and keys are rotated. An answer that is not 200 ends
 * it. @returns whether nothing went wrong
 */
export function soak(minutes: number, bench: Bench): Promise<boolean> {
  return onTokenScene(bench, CONNECTIONS, async (scene) => {
    const servers = new TokenServers(scene, bench);
    const perSecond = (await most(servers)) / 2;
    bench.say(`${perSecond.toFixed(0)} tokens per second for ${minutes} minutes, in windows of ${WINDOW_SECONDS} s`);
    const server = await servers.startOurs('soak');
    const load = new PacedLoad(server, servers.load);
    const over = new AbortController();
    const changing = churn(scene.stack, scene.directory, over.signal);
    const windows: Window[] = [];
    try {
      const end = performance.now() + minutes * 60_000;
      while (performance.now() < end && !bench.signal.aborted) {
        const latencies = await load.run(perSecond, WINDOW_SECONDS);
        const { residentBytes } = await server.child.usage();
        windows.push({ ...latencies, residentBytes });
        bench.say(lineOf(windows.length, windows.at(-1)!));
      }
    } finally {
      over.abort();
      await load.stop();
    }
    const changes = await changing;
    bench.say(`\n${windows.reduce((sum, { requests }) => sum + requests, 0)} tokens, no error.`);
    bench.say(`Access taken away and given back ${changes.switched} times, keys rotated ${changes.rotated} times.`);
    for (const fault of changes.faults) bench.say(`  FAULT ${fault.slice(0, 200)}`);
    for (const line of trendOf(windows)) bench.say(line);
    return changes.faults.length === 0;
  });
}

async function most(servers: TokenServers): Promise<number> {
  const server = await servers.ours('most');
  try {
    await server.burst(192, false);
    const seen: number[] = [];
    while (seen.length < 5) seen.push((await server.burst(48)).requestsPerSecond);
    return summaryOf(seen).median;
  } finally {
    await server.stop();
  }
}

function lineOf(number: number, { p50, p99, perSecond, residentBytes }: Window): string {
  const latency = `median ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
  return `${String(number).padStart(4)}  ${perSecond.toFixed(0)} per second, ${latency}, ${mib(residentBytes)} resident`;
}

/** The second third beside the last: the first is the warm-up of a process that has just started. */
function trendOf(windows: readonly Window[]): string[] {
  const third = Math.floor(windows.length / 3);
  if (third === 0) return [];
  const [middle, last] = [windows.slice(third, 2 * third), windows.slice(-third)];
  const medianOf = (part: readonly Window[], figure: (window: Window) => number) => summaryOf(part.map(figure)).median;
  const row = (title: string, figure: (window: Window) => number, shown: (value: number) => string) =>
    `  ${title.padEnd(16)}${shown(medianOf(middle, figure))} in the second third, ${shown(medianOf(last, figure))} in the last`;
  const millis = (value: number): string => `${value.toFixed(2)} ms`;
  return [
    row('resident', ({ residentBytes }) => residentBytes, mib),
    row('median latency', ({ p50 }) => p50, millis),
    row('p99', ({ p99 }) => p99, millis),
  ];
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(0)} MiB`;
}
