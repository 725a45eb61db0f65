import { join } from 'node:path';
import { workspaceRoot } from '../stack/workspace-root.js';
import { Child } from './child.js';
import type { Comparison } from './comparisons.js';
import { chooseCores, pinSelf } from './cores.js';
import { createIdentities, type Identities } from './identities.js';
import type { Issuer, Surroundings } from './loaded-server.js';
import { describeMachine, machineLine } from './machine.js';
import { measure, type Effort, type Measured } from './measure.js';
import { knownTokens, newTokens, throughProxy, type RequestQueue } from './request-queue.js';
import { tableOf } from './table.js';
import { writeResults } from './write-results.js';

export interface BenchOptions {
  readonly comparisons: readonly Comparison[];
  readonly effort: Effort;
  /** whether each server writes a CPU profile */
  readonly profile: boolean;
  readonly signal: AbortSignal;
  say(line: string): void;
}

const CONNECTIONS = 32;
const AUDIENCE = 'https://api.test';

export async function runBench({ comparisons, effort, profile, signal, say }: BenchOptions): Promise<void> {
  const began = new Date();
  const directory = join(workspaceRoot(), 'e2e', 'bench', 'results');
  const cores = chooseCores();
  const machine = describeMachine(cores);
  if (cores) pinSelf(cores.generator);
  say(machineLine(machine));
  const identities = await createIdentities(CONNECTIONS);
  const issuing = Child.start({ program: 'issue', core: cores?.generator });
  try {
    const { ca, server } = identities;
    const issuer = await issuing.ask<Issuer>({ ca, identity: server });
    const profiles = profile ? join(directory, 'profiles') : undefined;
    const surroundings: Surroundings = { identities, issuer, audience: AUDIENCE, cores, profiles };
    const measured: Measured[] = [];
    for (const comparison of comparisons) {
      say(`${comparison.id}  ${comparison.title} …`);
      const queue = await queueFor(comparison, effort, identities, issuing);
      measured.push(await measure(comparison, queue, effort, surroundings, signal));
    }
    say(`\n${tableOf(measured)}\n`);
    say(writeResults(directory, { began, machine, connections: CONNECTIONS, effort, measured }));
  } finally {
    await issuing.stop();
  }
}

async function queueFor(
  { requests }: Comparison,
  { warmUp, rounds, each }: Effort,
  { partners }: Identities,
  issuing: Child,
): Promise<RequestQueue> {
  const count = requests === 'new tokens' ? warmUp + (rounds + 1) * each : 1;
  const tokens: string[][] = [];
  for (const [number, { thumbprint }] of partners.entries()) {
    const wanted = { thumbprint, audience: AUDIENCE, clientId: `cli_${number}`, count };
    tokens.push((await issuing.ask<{ tokens: string[] }>(wanted)).tokens);
  }
  const first = tokens.map(([token]) => token!);
  switch (requests) {
    case 'known tokens':
      return knownTokens(first);
    case 'known tokens through a proxy':
      return throughProxy(first, partners);
    case 'new tokens':
      return newTokens(tokens);
  }
}
