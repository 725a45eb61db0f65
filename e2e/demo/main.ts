import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpsClient } from '../stack/admin/https-client.js';
import { readEnvironment } from '../stack/environment.js';
import { failuresIn } from '../stack/log-lines.js';
import { freePorts } from '../stack/ports/free-ports.js';
import { InterruptedError, listenForInterruption } from '../stack/processes/interruption.js';
import { startStack, type Stack } from '../stack/start-stack.js';
import { paint } from './paint.js';
import { Progress } from './progress.js';
import { Story } from './story.js';
import { tellAll } from './tell-all.js';

const HELP = `npm run demo: the server-to-server story, told and checked step by step, on a stack of its own.

Free ports, a temporary directory, nothing left behind. Exit code 0 when every step was as it should be, otherwise 1.
NO_COLOR=1 switches colours off; DATABASE_ADMIN_URL uses a PostgreSQL >= 18 of yours instead of the embedded one.`;

const INTERRUPTED_EXIT_CODE = 130;
const FAILURES_TOLD = 3;

async function main(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    process.stdout.write(`${HELP}\n`);
    return args.every((arg) => arg === '--help' || arg === '-h') ? 0 : 2;
  }
  const began = performance.now();
  const environment = readEnvironment();
  const { stdout } = process;
  const story = new Story((text) => stdout.write(text), paint(stdout.isTTY && !environment.noColor));
  const interruption = listenForInterruption({ watchParent: environment.underNpm });
  const directory = mkdtempSync(join(tmpdir(), 'partner-ecosystem-demo-'));
  try {
    story.title('Server to server with tokens nobody else can use');
    await run(story, directory, environment.databaseAdminUrl, interruption.signal);
  } finally {
    rmSync(directory, { recursive: true, force: true });
    interruption.dispose();
  }
  story.summary((performance.now() - began) / 1000);
  return story.deviations === 0 ? 0 : 1;
}

async function run(story: Story, directory: string, databaseAdminUrl: string | undefined, signal: AbortSignal) {
  const progress = new Progress(process.stdout);
  const ports = await freePorts();
  const onStep = (step: string): void => progress.step(step);
  const options = { ports, directory, databaseAdminUrl, signal, onStep };
  const stack = await startStack(options).finally(() => progress.done());
  const client = new HttpsClient(stack.pki.serverAuthority.certificatePem);
  try {
    tellStage(story, stack);
    await Promise.race([tellAll(story, stack, client), stack.failed, abortOf(signal)]);
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    story.breaksOff(error instanceof Error ? error.message : String(error));
    tellFailures(story, stack);
  } finally {
    await client.close();
    progress.step('stopping everything');
    await stack.stop().finally(() => progress.done());
  }
  tellCleanUp(story, stack, directory);
}

function tellStage(story: Story, { urls }: Stack): void {
  story.tell(`Three services as processes of their own, PostgreSQL, and two certificate authorities made a moment ago:
  token service     ${urls.issuer}   with certificates: ${urls.tokenEndpoint}
  partner registry  ${urls.registry}
  sample API        ${urls.resource}`);
}

/** The logs go with the stack, so what they say about failures is said here. */
function tellFailures(story: Story, { logFiles }: Stack): void {
  for (const [app, file] of Object.entries(logFiles)) {
    for (const line of failuresIn(file).slice(-FAILURES_TOLD)) story.tell(`${app} logged: ${JSON.stringify(line)}`);
  }
}

function tellCleanUp(story: Story, { pids }: Stack, directory: string): void {
  story.chapter('The end');
  story.fact('every process has ended', [], Object.values(pids).filter(isRunning));
  story.fact('no file is left', false, existsSync(directory));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const interrupted = error instanceof InterruptedError;
  process.stderr.write(`${interrupted ? '\nInterrupted.' : error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = interrupted ? INTERRUPTED_EXIT_CODE : 1;
}
