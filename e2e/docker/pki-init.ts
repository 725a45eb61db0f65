import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { secretFiles, type ServerNames } from './secret-files.js';
import { Completion, writeWhole } from './write-once.js';

const HELP = `pki-init: makes the certificates, keys and passwords of the compose stack, once.

--secrets <directory>     where the volumes are mounted, one folder each
--token-service <name>    by which name it is called, from inside and outside
--partner-registry <name>
--resource-api <name>

A second run finds everything and changes nothing. An installation of yours brings its own instead.`;

const DAY_MS = 24 * 3_600_000;

async function main(now: Date): Promise<void> {
  const { secrets, ...names } = options();
  // In the volume of the database's administrator, which no app ever mounts.
  const completion = new Completion(join(secrets, 'database-admin'));
  if (!completion.reached) {
    for (const { path, content, mode } of await secretFiles(names, now)) writeWhole(join(secrets, path), content, mode);
    completion.mark(now);
    process.stdout.write('Certificates, keys and passwords are made.\n');
    return;
  }
  const { validTo } = new X509Certificate(readFileSync(join(secrets, 'operator/operator.crt')));
  const days = Math.floor((Date.parse(validTo) - now.getTime()) / DAY_MS);
  if (days < 0) throw new Error(`The certificates ran out on ${validTo}: start again, after "down -v".`);
  process.stdout.write(`Certificates, keys and passwords are there already, good for ${days} more days.\n`);
}

function options(): { secrets: string } & ServerNames {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { secrets: text, 'token-service': text, 'partner-registry': text, 'resource-api': text },
  });
  const given = Object.entries(values).filter(([, value]) => value);
  if (given.length < 4) throw new Error(HELP);
  return values as { secrets: string } & ServerNames;
}

try {
  await main(new Date());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
