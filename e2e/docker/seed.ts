import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { builtFile } from '../stack/processes/built-app.js';
import { sampleResourceServer } from '../stack/stack-files.js';
import { registeredClients } from './registered-clients.js';
import { writeWhole } from './write-once.js';

const HELP = `seed: registers the first operator, the registry and the sample API, once, gives each its client id, and makes the
authorities that issue certificates.

--secrets <directory>  where the volumes partner-registry, resource-api, operator and root-ca are mounted
--issuer <url>         of the token service
--registry <url>       the registry's audience
--registry-http <url>  where everybody finds its CRLs
--resource <url>       the sample API's audience`;

/** Exit code of both commands. */
const EXISTS = 3;
const ENVIRONMENTS = ['sandbox', 'production'];
const HOLDERS = [
  { folder: 'operator', certificate: 'operator.crt' },
  { folder: 'partner-registry', certificate: 'client.crt' },
  { folder: 'resource-api', certificate: 'client.crt' },
] as const;

interface Given {
  secrets: string;
  issuer: string;
  registry: string;
  'registry-http': string;
  resource: string;
}

async function main(): Promise<void> {
  const given = options();
  const databaseUrl = readFileSync(join(given.secrets, 'partner-registry/database-url'), 'utf8');
  const said = bootstrap(given, databaseUrl);
  const certificates = HOLDERS.map(({ folder, certificate }) => join(given.secrets, folder, certificate));
  const ids = await registeredClients(
    databaseUrl,
    certificates.map((path) => readFileSync(path, 'utf8')),
  );
  for (const [index, { folder }] of HOLDERS.entries()) {
    const id = ids[index];
    if (id === undefined) throw new Error(`The certificate of ${folder} is not registered. ${said}`);
    writeWhole(join(given.secrets, folder, 'client-id'), `${id}\n`);
  }
  for (const environment of ENVIRONMENTS) createAuthority(environment, given, databaseUrl);
  process.stdout.write(`${said}\n`);
}

/** What it said. Errors: when it failed for any other reason than that there is an operator. */
function bootstrap({ secrets, issuer, registry, resource }: Given, databaseUrl: string): string {
  const server = join(mkdtempSync(join(tmpdir(), 'seed-')), 'resource-server.json');
  const client = join(secrets, 'resource-api/client.crt');
  writeFileSync(server, JSON.stringify(sampleResourceServer({ resource }, client)));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...[builtFile('partner-registry', 'bootstrap'), '--resource-server', server],
      ...['--operator-certificate', join(secrets, 'operator/operator.crt')],
      ...['--registry-certificate', join(secrets, 'partner-registry/client.crt')],
    ],
    { encoding: 'utf8', env: { DATABASE_URL: databaseUrl, AUDIENCE: registry, ISSUER: issuer } },
  );
  if (status === 0) return `Registered: ${stdout.trim()}`;
  if (status === EXISTS) return 'Everybody is registered already.';
  throw new Error(`bootstrap failed (exit code ${status}):\n${stdout}${stderr}`);
}

/** Errors: when it failed for any other reason than that the environment has one. */
function createAuthority(environment: string, given: Given, databaseUrl: string): void {
  const { secrets, issuer, registry } = given;
  const root = join(secrets, 'root-ca');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...[builtFile('partner-registry', 'create-ca'), '--environment', environment],
      ...['--root', join(root, 'root'), '--root-passphrase-file', join(root, 'passphrase')],
      ...['--public-url', given['registry-http']],
    ],
    {
      encoding: 'utf8',
      env: {
        DATABASE_URL: databaseUrl,
        AUDIENCE: registry,
        ISSUER: issuer,
        KEY_ENCRYPTION_KEY_FILE: join(secrets, 'partner-registry/key-encryption-key'),
      },
    },
  );
  if (status === 0 || status === EXISTS) return;
  throw new Error(`create-ca failed (exit code ${status}):\n${stdout}${stderr}`);
}

function options(): Given {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { secrets: text, issuer: text, registry: text, 'registry-http': text, resource: text },
  });
  if (Object.values(values).filter(Boolean).length < 5) throw new Error(HELP);
  return values as Given;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
