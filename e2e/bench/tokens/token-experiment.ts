import { compared } from '../compared.js';
import type { Comparison } from '../comparison.js';
import type { Bench, Experiment } from '../experiment.js';
import type { Figure } from '../figure.js';
import { measure, type Effort } from '../measure.js';
import { atLeast, type TargetId } from '../target.js';
import { bestLimit, nameOf, type Limit } from './best-limit.js';
import { latencyFigure } from './latency.js';
import { startUpFigures } from './start-up.js';
import { onTokenScene } from './token-scene.js';
import { TokenServers } from './token-servers.js';

const CONNECTIONS = 32;
const FULL: Effort = { pairs: 5, rounds: 5, each: 64, warmUp: 192 };
const QUICK: Effort = { pairs: 2, rounds: 3, each: 48, warmUp: 128 };

/** What a token costs: everything on, beside the least that any issuer can do, and beside the peer. */
export const tokenExperiment: Experiment = { ids: ['P1', 'P2', 'P5', 'P9', 'P10'], run };

function run(bench: Bench, wanted: ReadonlySet<TargetId>): Promise<Figure[]> {
  return onTokenScene(bench, CONNECTIONS, async (scene) => {
    const servers = new TokenServers(scene, bench);
    const effort = bench.quick ? QUICK : FULL;
    const figures: Figure[] = [];
    const limit = wanted.has('P1') || wanted.has('P10') ? await limitOf(servers, effort, bench) : undefined;
    if (limit && wanted.has('P1')) figures.push(await againstLimit(servers, limit, effort, bench));
    if (wanted.has('P2')) figures.push(await againstPeer(servers, effort, bench));
    if (wanted.has('P5')) figures.push(await newConnections(servers, bench));
    if (wanted.has('P9')) figures.push(...(await startUpFigures(servers, bench)));
    if (limit && wanted.has('P10')) figures.push(await latencyFigure(servers, limit.signing, bench));
    return figures;
  });
}

function limitOf(servers: TokenServers, effort: Effort, { say, signal }: Bench): Promise<Limit> {
  say('limit: four ways to sign …');
  return bestLimit(servers, effort.each, signal);
}

async function againstLimit(servers: TokenServers, limit: Limit, effort: Effort, bench: Bench): Promise<Figure> {
  const comparison: Comparison = {
    id: 'P1',
    name: 'p1-limit',
    title: 'tokens, everything on / limit',
    ratio: 'share',
    baseline: servers.limit(limit.signing),
    candidate: servers.ours,
    target: atLeast(0.7),
  };
  bench.say(`P1  ${comparison.title} (${nameOf(limit.signing)}) …`);
  const figure = compared(await measure(comparison, effort, bench));
  return { ...figure, note: noteOf(limit), details: { limit, pairs: figure.details } };
}

async function againstPeer(servers: TokenServers, effort: Effort, bench: Bench): Promise<Figure> {
  const comparison: Comparison = {
    id: 'P2',
    name: 'p2-peer',
    title: 'tokens, everything on / peer',
    ratio: 'share',
    baseline: servers.peer,
    candidate: servers.ours,
    target: atLeast(2.5),
  };
  bench.say(`P2  ${comparison.title} …`);
  return compared(await measure(comparison, effort, bench));
}

async function newConnections(servers: TokenServers, bench: Bench): Promise<Figure> {
  const comparison: Comparison = {
    id: 'P5',
    name: 'p5-handshakes',
    title: 'new mTLS connections / bare node:https',
    ratio: 'share',
    baseline: async (name) => servers.handshakesOf(await servers.startBare(name)),
    candidate: async (name) => servers.handshakesOf(await servers.startOurs(name)),
    target: atLeast(0.95),
  };
  bench.say(`P5  ${comparison.title} …`);
  const effort: Effort = { pairs: bench.quick ? 2 : 4, rounds: bench.quick ? 3 : 5, each: 8, warmUp: 12 };
  return compared(await measure(comparison, effort, bench));
}

function noteOf({ signing, cpuMicros }: Limit): string {
  const all = Object.entries(cpuMicros).map(([name, micros]) => `${name} ${Math.round(micros)} µs`);
  return `limit signs ${nameOf(signing)}; all: ${all.join('; ')}`;
}
