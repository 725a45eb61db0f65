import { createHash } from 'node:crypto';
import { seedRegistry } from '../../scale/seed-registry.js';
import { compared } from '../compared.js';
import type { Bench, Experiment } from '../experiment.js';
import type { Figure } from '../figure.js';
import { LoadedServer } from '../loaded-server.js';
import { measure, type Effort } from '../measure.js';
import { atLeast } from '../target.js';
import { seededClients } from '../tokens/token-requests.js';
import { onTokenScene, type TokenScene } from '../tokens/token-scene.js';
import { TokenServers } from '../tokens/token-servers.js';
import { planOfHotQuery } from './plan-of-hot-query.js';

const CONNECTIONS = 32;
const FEW = 1_000;
const FULL = { clients: 1_000_000, effort: { pairs: 2, rounds: 5, each: 48, warmUp: 192 } satisfies Effort };
const QUICK = { clients: 50_000, effort: { pairs: 1, rounds: 3, each: 32, warmUp: 96 } satisfies Effort };
const SEEDED = ['partners', 'resource servers', 'clients', 'certificates', 'grants'];
const MIB = 2 ** 20;

/** P6: clients drawn from very many, most of whom are not in memory, beside clients drawn from few, who all are. */
export const scaleExperiment: Experiment = { ids: ['P6'], run };

function run(bench: Bench): Promise<Figure[]> {
  const { clients, effort } = bench.quick ? QUICK : FULL;
  return onTokenScene(bench, CONNECTIONS, async (scene) => {
    const idOf = await seed(scene, clients, bench);
    const servers = new TokenServers(scene, bench);
    const drawnFrom = (count: number) => async (name: string) => {
      const queue = seededClients(count, CONNECTIONS, idOf);
      return new LoadedServer(await servers.startOurs(name), { ...servers.load, queue });
    };
    const title = `tokens, drawn from ${count(clients)} clients / from ${count(FEW)}`;
    bench.say(`P6  ${title} …`);
    const sides = { baseline: drawnFrom(FEW), candidate: drawnFrom(clients) };
    const comparison = { id: 'P6', name: 'p6-million', title, ratio: 'share', ...sides, target: atLeast(0.8) } as const;
    const measured = await measure(comparison, effort, bench);
    const plan = await planOfHotQuery(scene.stack.databaseAdminUrl, `cli_${idOf(Math.ceil(clients / 2))}`);
    const resident = (role: 'baseline' | 'candidate') =>
      Math.round(Math.max(...measured.pairs.map(({ residentBytes }) => residentBytes[role])) / MIB);
    const note = `resident ${resident('candidate')} / ${resident('baseline')} MiB with 10,000 kept; plan: ${plan.summary}`;
    return [{ ...compared(measured), note, details: { pairs: measured.pairs, plan: plan.text } }];
  });
}

/** All of them prove themselves by the certificates there are: a handshake for each request would be all that is measured. */
async function seed({ stack, partners }: TokenScene, clients: number, bench: Bench): Promise<(n: number) => string> {
  const adminUrl = stack.databaseAdminUrl;
  const hashes = partners.map(({ identity }) => `'${createHash('sha256').update(identity.der).digest('hex')}'`);
  const identity = {
    subjectDn: `'CN=bench-' || n % ${CONNECTIONS}`,
    sha256: `(ARRAY[${hashes.join(', ')}])[1 + n % ${CONNECTIONS}]`,
  };
  let told = 0;
  const idOf = await seedRegistry({
    adminUrl,
    clients,
    identity,
    only: SEEDED,
    signal: bench.signal,
    tell: (what, done, all) => {
      if (performance.now() - told < 15_000) return;
      told = performance.now();
      bench.say(`P6  seeding: ${what} ${done} of ${all}`);
    },
  });
  return idOf;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
