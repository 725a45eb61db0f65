import { HttpsClient } from '../../stack/admin/https-client.js';
import { requestToken } from '../../stack/admin/request-token.js';
import { BenchError } from '../bench-error.js';
import type { Bench } from '../experiment.js';
import type { Figure } from '../figure.js';
import { summaryOf } from '../statistics.js';
import { atMost } from '../target.js';
import type { TokenServers } from './token-servers.js';

const MIB = 2 ** 20;

interface Start {
  readonly seconds: number;
  readonly residentBytes: { readonly idle: number; readonly loaded: number };
}

/** P9: from the start of the process to its first token, and what it keeps in memory once it has worked. */
export async function startUpFigures(servers: TokenServers, bench: Bench): Promise<Figure[]> {
  const starts: Start[] = [];
  const [rounds, each] = bench.quick ? [3, 128] : [5, 640];
  bench.say('P9  from the start to the first token, and memory after load …');
  while (starts.length < rounds) {
    bench.signal.throwIfAborted();
    starts.push(await start(servers, `p9-${starts.length}`, each));
  }
  const idle = summaryOf(starts.map(({ residentBytes }) => residentBytes.idle / MIB)).median;
  const tokens = each * servers.load.identities.length;
  return [
    {
      id: 'P9',
      name: 'p9-start',
      title: 'start to first token',
      unit: 's',
      target: atMost(1),
      summary: summaryOf(starts.map(({ seconds }) => seconds)),
      details: starts,
    },
    {
      id: 'P9',
      name: 'p9-memory',
      title: 'resident memory after load',
      unit: 'MiB',
      target: atMost(110),
      summary: summaryOf(starts.map(({ residentBytes }) => residentBytes.loaded / MIB)),
      details: starts,
      note: `${Math.round(idle)} MiB before; ${tokens} tokens`,
    },
  ];
}

async function start(servers: TokenServers, name: string, each: number): Promise<Start> {
  const began = performance.now();
  const server = await servers.startOurs(name);
  await firstToken(servers, server.port);
  const seconds = (performance.now() - began) / 1_000;
  const idle = (await server.child.usage()).residentBytes;
  const loaded = servers.loaded(server);
  try {
    await loaded.burst(each, false);
    return { seconds, residentBytes: { idle, loaded: await loaded.residentBytes() } };
  } finally {
    await loaded.stop();
  }
}

async function firstToken(servers: TokenServers, port: number): Promise<void> {
  const client = new HttpsClient(servers.load.ca);
  try {
    const { clientId, identity } = servers.partners[0]!;
    const tokenEndpoint = `https://localhost:${port}/token`;
    const { status, text } = await requestToken(client, { tokenEndpoint, clientId, identity });
    if (status !== 200) throw new BenchError('request_failed', `the first token: ${status} ${text}`);
  } finally {
    await client.close();
  }
}
