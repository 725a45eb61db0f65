import { Child } from '../child.js';
import { compared } from '../compared.js';
import type { Bench, Experiment } from '../experiment.js';
import type { Figure } from '../figure.js';
import { LoadedServer } from '../loaded-server.js';
import { measure, type Effort } from '../measure.js';
import type { RequestQueue } from '../request-queue.js';
import type { TargetId } from '../target.js';
import { GUARD_COMPARISONS, type GuardComparison } from './guard-comparisons.js';
import { knownTokens, newTokens, throughProxy } from './guard-requests.js';
import { guardProgram, startGuardServer, type Issuer, type ServerKind, type Surroundings } from './guard-server.js';
import { createIdentities, type Identities } from './identities.js';

const CONNECTIONS = 32;
const AUDIENCE = 'https://api.test';
// A full collection of V8's falls into one round of a guarded server: of three rounds it would decide the median.
const FULL: Effort = { pairs: 6, rounds: 8, each: 192, warmUp: 512 };
const QUICK: Effort = { pairs: 3, rounds: 3, each: 64, warmUp: 192 };

/** P3 and P4: what the guard costs an API. */
export const guardExperiment: Experiment = { ids: ['P3', 'P4'], run };

async function run(bench: Bench, wanted: ReadonlySet<TargetId>): Promise<Figure[]> {
  const { cores, profiles } = bench;
  const effort = bench.quick ? QUICK : FULL;
  const identities = await createIdentities(CONNECTIONS);
  const issuing = Child.start({ file: guardProgram('issue'), core: cores?.generator });
  try {
    const { ca, server } = identities;
    const issuer = await issuing.ask<Issuer>({ ca, identity: server });
    const surroundings: Surroundings = { identities, issuer, audience: AUDIENCE, cores, profiles };
    const figures: Figure[] = [];
    for (const comparison of GUARD_COMPARISONS.filter(({ id }) => wanted.has(id))) {
      bench.say(`${comparison.id}  ${comparison.title} …`);
      const queue = await queueFor(comparison, effort, identities, issuing);
      const start = (kind: ServerKind) => async (name: string) =>
        new LoadedServer(await startGuardServer(kind, name, surroundings), {
          identities: identities.partners,
          ca,
          queue,
        });
      const { id, name, title, target, baseline, candidate } = comparison;
      const sides = { baseline: start(baseline), candidate: start(candidate) };
      figures.push(compared(await measure({ id, name, title, target, ratio: 'cost', ...sides }, effort, bench)));
    }
    return figures;
  } finally {
    await issuing.stop();
  }
}

async function queueFor(
  { requests }: GuardComparison,
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
