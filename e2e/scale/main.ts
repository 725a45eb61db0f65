import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { HttpsClient } from '../stack/admin/https-client.js';
import { Operator } from '../stack/admin/operator.js';
import { readEnvironment } from '../stack/environment.js';
import { freePorts } from '../stack/ports/free-ports.js';
import { InterruptedError, listenForInterruption } from '../stack/processes/interruption.js';
import { startStack, type Stack } from '../stack/start-stack.js';
import { timePages } from './list-pages.js';
import { seedRegistry, type SeedOptions } from './seed-registry.js';
import { pagedLists, seededLists } from './seeded-lists.js';

const HELP = `npm run seed [-- --clients <number>] [-- --keep]

Fills a registry with clients, certificates, keys, grants, audit events and all else, and prints how long page 1 and page
1,000 of each of its lists take. On a stack of its own (embedded PostgreSQL, free ports), of which nothing remains.
Exits with 1 when a page 1,000 takes more than twice as long as its page 1.

  --clients <number>   10000 unless told otherwise; a million take about four minutes and some gigabytes of disk
  --keep               afterwards leave the stack running until Ctrl-C
  --help               prints this

With DATABASE_ADMIN_URL the database is made in a PostgreSQL >= 18 of yours, and dropped afterwards.`;

const ROUNDS = 25;
const MOST = 2;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(args: string[]): Promise<number> {
  const options = {
    clients: { type: 'string' },
    keep: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values } = parseArgs({ args, options });
  if (values.help) return (say(HELP), 0);
  if (!/^[1-9]\d{0,7}$/.test(values.clients ?? '10000')) return (say(`--clients takes a whole number.\n\n${HELP}`), 2);
  const clients = Number(values.clients ?? 10_000);
  const environment = readEnvironment();
  const { signal, happened, dispose } = listenForInterruption({ watchParent: environment.underNpm });
  const directory = mkdtempSync(join(tmpdir(), 'partner-ecosystem-seed-'));
  const { databaseAdminUrl } = environment;
  try {
    const stack = await startStack({ ports: await freePorts(), directory, databaseAdminUrl, logLevel: 'warn', signal });
    try {
      await seedRegistry({ adminUrl: stack.databaseAdminUrl, clients, signal, tell: teller() });
      const code = await measure(stack);
      if (values.keep)
        await Promise.race([(say(`Registry: ${stack.urls.registry} (Ctrl-C stops it)`), happened), stack.failed]);
      return code;
    } finally {
      await stack.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
    dispose();
  }
}

function teller(): SeedOptions['tell'] {
  const began = performance.now();
  return (what, done, all) => {
    const seconds = ((performance.now() - began) / 1000).toFixed(0).padStart(4);
    say(`${seconds} s  ${what.padEnd(28)} ${String(done).padStart(9)} of ${all}`);
  };
}

async function measure({ urls, operatorClientId: clientId, pki }: Stack): Promise<number> {
  const client = new HttpsClient(pki.serverAuthority.certificatePem);
  try {
    const operator = new Operator(client, { urls, clientId, identity: pki.operator });
    let slow = 0;
    say(`\n${'list'.padEnd(36)}  page 1   page 1,000   ratio`);
    for (const list of await seededLists(await pagedLists(client, urls.registryPublic), operator)) {
      const { first, thousandth } = await timePages(list, operator, ROUNDS);
      const ratio = thousandth / first;
      if (ratio > MOST) slow++;
      say(
        `${list.path.padEnd(36)} ${inMs(first)}  ${inMs(thousandth)}     ${ratio.toFixed(2).padStart(5)}${ratio > MOST ? '  too slow' : ''}`,
      );
    }
    return slow === 0 ? 0 : 1;
  } finally {
    await client.close();
  }
}

function inMs(time: number): string {
  return `${time.toFixed(2)} ms`.padStart(10);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const interrupted = error instanceof InterruptedError;
  process.stderr.write(interrupted ? 'Interrupted.\n' : `${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = interrupted ? 130 : 1;
}
