import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePorts } from '../stack/ports/free-ports.js';
import { InterruptedError, listenForInterruption } from '../stack/processes/interruption.js';
import { startStack } from '../stack/start-stack.js';
import type { Case } from './case.js';
import { CaseScene } from './case-scene.js';
import { inputsFromFolder } from './inputs-from-folder.js';
import { mintedInputs } from './minted-inputs.js';
import { registryCases } from './registry-cases.js';
import { tokenCases } from './token-cases.js';

const HELP = `npm run cases [-- --cases <folder>] [-- --only <text>]

Sends what other implementations send, and what specifications say of it, to a stack of its own: key sets, assertions,
certificates, CRLs, header fields. Prints what was expected and what came, and exits with 0 only if they agree.

  --cases <folder>  takes key sets, certificates and lists from this folder, which has one folder for each group, instead
                    of making them
  --only <text>     only the cases whose name has this text
  --help            prints this`;

const INTERRUPTED_EXIT_CODE = 130;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { cases: { type: 'string' }, only: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return (say(HELP), 0);
  const inputs = values.cases === undefined ? await mintedInputs() : inputsFromFolder(values.cases);
  const all = [...registryCases(inputs), ...tokenCases()].sort((a, b) => a.name.localeCompare(b.name));
  const chosen = all.filter(({ name }) => name.includes(values.only ?? ''));
  const different = await onStack((scene) => runAll(chosen, scene));
  say(`\n${chosen.length} cases, ${different} different`);
  return chosen.length > 0 && different === 0 ? 0 : 1;
}

/** Gives how many came out otherwise. */
async function runAll(cases: readonly Case[], scene: CaseScene): Promise<number> {
  let different = 0;
  for (const { name, expected, run } of cases) {
    const actual = await run(scene).catch((error: unknown) => `failed: ${String(error)}`);
    if (actual !== expected) different++;
    say(`${actual === expected ? 'ok       ' : 'DIFFERENT'} ${name}`);
    say(`          expected: ${expected}`);
    if (actual !== expected) say(`          actual:   ${actual.slice(0, 400)}`);
  }
  return different;
}

async function onStack<T>(use: (scene: CaseScene) => Promise<T>): Promise<T> {
  const interruption = listenForInterruption({ watchParent: true });
  const directory = mkdtempSync(join(tmpdir(), 'partner-ecosystem-cases-'));
  try {
    const { signal } = interruption;
    const stack = await startStack({ ports: await freePorts(), directory: join(directory, 'stack'), signal });
    const scene = CaseScene.on(stack);
    try {
      return await Promise.race([use(scene), stack.failed]);
    } finally {
      await scene.client.close();
      await stack.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
    interruption.dispose();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const interrupted = error instanceof InterruptedError;
  process.stderr.write(interrupted ? 'Interrupted.\n' : `${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = interrupted ? INTERRUPTED_EXIT_CODE : 1;
}
