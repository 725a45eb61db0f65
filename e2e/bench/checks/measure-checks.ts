import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BenchError } from '../bench-error.js';
import type { Bench } from '../experiment.js';
import type { LoadedServer } from '../loaded-server.js';
import { summaryOf } from '../statistics.js';
import { onTokenScene } from '../tokens/token-scene.js';
import { TokenServers } from '../tokens/token-servers.js';
import { CHECKS, type Check } from './checks.js';
import { copyWithout } from './copy-of-build.js';

const CONNECTIONS = 32;

/**
 * What each check costs a token request: the whole build beside a throwaway copy that lacks the one check, in turns. The
 * product itself cannot be told to leave one out.
 */
export function measureChecks(bench: Bench): Promise<void> {
  return onTokenScene(bench, CONNECTIONS, async (scene) => {
    const servers = new TokenServers(scene, bench);
    bench.say('CPU µs per token request that a check costs (median; half of the rounds; requests with it)\n');
    for (const [number, check] of CHECKS.entries()) {
      bench.signal.throwIfAborted();
      const folder = join(scene.directory, `copy-${number}`);
      mkdirSync(folder);
      try {
        bench.say(await rowOf(check, number, folder, servers, bench));
      } catch (error) {
        if (!(error instanceof BenchError) || error.code !== 'request_failed') throw error;
        bench.say(`${check.title.padEnd(52)} given up: ${error.message.slice(0, 80)}`);
      }
    }
  });
}

async function rowOf(
  check: Check,
  number: number,
  folder: string,
  servers: TokenServers,
  { quick }: Bench,
): Promise<string> {
  const [rounds, each] = quick ? [4, 32] : [12, 64];
  const whole = await servers.ours(`whole-${number}`);
  try {
    const name = `without-${number}`;
    const without = servers.loaded(await servers.startOurs(name, {}, copyWithout(check, folder)));
    try {
      for (const server of [whole, without]) await server.burst(2 * each, false);
      const costs: number[] = [];
      const all: number[] = [];
      while (costs.length < rounds) {
        const { cpuMicrosPerRequest } = await whole.burst(each);
        all.push(cpuMicrosPerRequest);
        costs.push(cpuMicrosPerRequest - (await costOf(without, each)));
      }
      const { median, quartiles } = summaryOf(costs);
      const spread = quartiles.map((micros) => micros.toFixed(1)).join(' to ');
      return `${check.title.padEnd(52)}${median.toFixed(1).padStart(7)}   ${spread.padEnd(18)}${summaryOf(all).median.toFixed(0)}`;
    } finally {
      await without.stop();
    }
  } finally {
    await whole.stop();
  }
}

async function costOf(server: LoadedServer, each: number): Promise<number> {
  return (await server.burst(each)).cpuMicrosPerRequest;
}
