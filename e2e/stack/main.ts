import { resolve } from 'node:path';
import { readEnvironment, type Environment } from './environment.js';
import { listenForInterruption, InterruptedError, type Interruption } from './processes/interruption.js';
import { assertBuilt } from './processes/built-app.js';
import { assertPortsFree } from './ports/assert-ports-free.js';
import { HELP } from './help.js';
import { HttpsClient } from './admin/https-client.js';
import { onboardPartner, type OnboardedPartner } from './admin/onboard-partner.js';
import { Operator } from './admin/operator.js';
import { LocalDirectory } from './local/local-directory.js';
import { nextSteps } from './local/next-steps.js';
import { writeLocalFiles, type SamplePartners } from './local/write-local-files.js';
import { SHIPMENT_SCOPES } from './stack-files.js';
import { startStack, type Stack } from './start-stack.js';
import { workspaceRoot } from './workspace-root.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `npm start`: gives the exit code. */
async function main(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    const asked = args.every((arg) => arg === '--help' || arg === '-h');
    say(asked ? HELP : `Unknown argument: ${args.join(' ')}\n\n${HELP}`);
    return asked ? 0 : 2;
  }
  const environment = readEnvironment();
  assertBuilt();
  await assertPortsFree(environment.ports);
  const interruption = listenForInterruption({ watchParent: environment.underNpm });
  const directory = LocalDirectory.claim(resolve(workspaceRoot(), environment.localDirectory));
  try {
    await run(environment, directory, interruption);
  } finally {
    directory.remove();
    interruption.dispose();
  }
  say('Stopped.');
  return 0;
}

async function run(environment: Environment, directory: LocalDirectory, { signal, happened }: Interruption) {
  const stack = await startStack({
    ports: environment.ports,
    databaseAdminUrl: environment.databaseAdminUrl,
    directory: directory.stackDirectory,
    signal,
    onStep: (step) => say(`  ${step} …`),
  });
  try {
    say('  onboarding acme and globex through the admin API …');
    const passphrase = await writeLocalFiles(directory, stack, await onboardSamples(stack));
    say(nextSteps(stack, directory.path, passphrase));
    await Promise.race([happened, stack.failed]);
  } finally {
    say('Stopping …');
    await stack.stop();
  }
}

async function onboardSamples(stack: Stack): Promise<SamplePartners> {
  const client = new HttpsClient(stack.pki.serverAuthority.certificatePem);
  const { urls, operatorClientId: clientId } = stack;
  const operator = new Operator(client, { urls, clientId, identity: stack.pki.operator });
  const onboard = async (slug: string, legalName: string): Promise<OnboardedPartner> => {
    const subject = `CN=${slug}-server,O=${legalName}`;
    const certificate = await stack.pki.clientAuthority.issueClient({ subject });
    const names = { slug, legalName, clientName: `${legalName} server` };
    return onboardPartner(operator, { ...names, certificate, audience: urls.resource, scopes: SHIPMENT_SCOPES });
  };
  try {
    return { acme: await onboard('acme', 'Acme Logistics'), globex: await onboard('globex', 'Globex Freight') };
  } finally {
    await client.close();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const interrupted = error instanceof InterruptedError;
  if (!interrupted) process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = interrupted ? 0 : 1;
}
