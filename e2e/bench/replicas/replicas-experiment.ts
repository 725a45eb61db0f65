import type { Bench, Experiment } from '../experiment.js';
import type { Figure } from '../figure.js';
import { LoadedServer, type ServerProcess } from '../loaded-server.js';
import { summaryOf } from '../statistics.js';
import { atLeast } from '../target.js';
import { startReference } from '../tokens/reference-process.js';
import { onTokenScene } from '../tokens/token-scene.js';
import { TokenServers } from '../tokens/token-servers.js';

const CONNECTIONS = 32;

/** P7: two replicas beside one, behind a balancer of TCP connections. */
export const replicasExperiment: Experiment = { ids: ['P7'], run };

async function run(bench: Bench): Promise<Figure[]> {
  const [second, balancer] = bench.cores?.spare ?? [];
  if (bench.cores === undefined || second === undefined || balancer === undefined) {
    bench.say('P7  left open: two replicas, a balancer and the generator need a core each, which can be pinned');
    return [];
  }
  const { server: first } = bench.cores;
  return onTokenScene(bench, CONNECTIONS, async (scene) => {
    const serversOn = (server: number) => new TokenServers(scene, { ...bench, cores: { ...bench.cores!, server } });
    bench.say('P7  one replica and two behind a balancer …');
    const up = [await serversOn(first).startOurs('p7-first'), await serversOn(second).startOurs('p7-second')];
    try {
      return [await measureBoth(serversOn(first), up, balancer, bench)];
    } finally {
      await Promise.all(up.map(({ child }) => child.stop()));
    }
  });
}

async function measureBoth(
  servers: TokenServers,
  up: readonly ServerProcess[],
  core: number,
  bench: Bench,
): Promise<Figure> {
  const [rounds, each] = bench.quick ? [3, 64] : [10, 192];
  const behind = async (ports: readonly number[]) =>
    new LoadedServer(await startReference({ kind: 'balancer', ports }, { core }), servers.load);
  const ports = up.map(({ port }) => port);
  const [one, two] = [await behind(ports.slice(0, 1)), await behind(ports)];
  try {
    for (const server of [one, two, one, two]) await server.burst(each, false);
    const ratios: number[] = [];
    const perSecond: [number, number][] = [];
    while (ratios.length < rounds) {
      bench.signal.throwIfAborted();
      const [alone, both] = [await one.burst(each), await two.burst(each)];
      ratios.push(both.requestsPerSecond / alone.requestsPerSecond);
      perSecond.push([alone.requestsPerSecond, both.requestsPerSecond]);
    }
    const medianOf = (which: 0 | 1) => Math.round(summaryOf(perSecond.map((pair) => pair[which])).median);
    return {
      id: 'P7',
      name: 'p7-replicas',
      title: 'two replicas / one, requests per second',
      unit: 'ratio',
      summary: summaryOf(ratios),
      target: atLeast(1.8),
      details: perSecond,
      perSecond: `${medianOf(1)} / ${medianOf(0)}`,
    };
  } finally {
    await Promise.all([one.stop(), two.stop()]);
  }
}
