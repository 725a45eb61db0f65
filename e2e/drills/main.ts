import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePorts } from '../stack/ports/free-ports.js';
import { InterruptedError, listenForInterruption } from '../stack/processes/interruption.js';
import { startStack, type Stack } from '../stack/start-stack.js';
import { killInTheMiddle, type DrillOptions, type DrillResult } from './kill-drill.js';
import type { Kills } from './kills/killing.js';

const HELP = `npm run drill [-- --kills <number>] [-- --seed <number>]

Kills registry processes with SIGKILL in the middle of mutations, again and again, while six operators write through three
replicas on one PostgreSQL; then checks by name what must hold. Prints what was lost, which must be nothing, and exits
with 0 only then. Nothing is left behind.

  --kills <number>   how many; 200 unless told otherwise
  --seed <number>    of the choices: who does what, who is killed after how long. Printed, so that a run can be repeated
                     (the machine's own timing is not repeated)
  --help             prints this`;

const TOLD_EVERY = 20;
const SHOWN_FAULTS = 5;
const INTERRUPTED_EXIT_CODE = 130;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { kills: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return (say(HELP), 0);
  const kills = wholeNumber(values.kills, 200);
  const seed = wholeNumber(values.seed, randomInt(1_000_000));
  if (kills === undefined || seed === undefined) return (say(`--kills and --seed take whole numbers.\n\n${HELP}`), 2);
  const began = performance.now();
  const interruption = listenForInterruption({ watchParent: true });
  const directory = mkdtempSync(join(tmpdir(), 'partner-ecosystem-drill-'));
  const { signal } = interruption;
  try {
    say(`kill -9 in the middle of mutations: ${kills} kills, seed ${seed}`);
    const stack = await startStack({ ports: await freePorts(), directory: join(directory, 'stack'), signal });
    try {
      const options = { seed, kills, signal, directory: join(directory, 'replicas'), tell: teller(kills, began) };
      return await Promise.race([drill(stack, options, began), stack.failed]);
    } finally {
      await stack.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
    interruption.dispose();
  }
}

function wholeNumber(text: string | undefined, otherwise: number): number | undefined {
  if (text === undefined) return otherwise;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function teller(wanted: number, began: number): (kills: Kills) => void {
  return ({ done, unanswered }) => {
    if (done % TOLD_EVERY !== 0 && done !== wanted) return;
    say(`  ${String(done).padStart(4)} kills, ${unanswered} requests unanswered  ${seconds(began)}`);
  };
}

async function drill(stack: Stack, options: DrillOptions, began: number): Promise<number> {
  const result = await killInTheMiddle(stack, options);
  try {
    tellMutations(result);
    const lost = await judge(result);
    say(`\n${lost === 0 ? 'Nothing was lost.' : `${lost} invariants are broken.`}  ${seconds(began)}`);
    return lost === 0 ? 0 : 1;
  } finally {
    await result.close();
  }
}

function tellMutations({ kills, writers }: DrillResult): void {
  const acknowledged = writers.flatMap((writer) => writer.acknowledged);
  const repeated = acknowledged.filter(({ tries }) => tries > 1).length;
  const kinds = new Set(acknowledged.map(({ action }) => action)).size;
  say(`\n${acknowledged.length} mutations of ${kinds} kinds answered, ${repeated} of them after being asked again.`);
  say(`${kills.unanswered} requests waited for an answer when their process was killed.\n`);
}

async function judge({ invariants }: DrillResult): Promise<number> {
  let lost = 0;
  for (const { name, broken } of invariants) {
    const faults = await broken();
    if (faults.length > 0) lost++;
    say(`  ${faults.length === 0 ? 'holds ' : 'BROKEN'}  ${name}`);
    for (const fault of faults.slice(0, SHOWN_FAULTS)) say(`            ${fault}`);
    if (faults.length > SHOWN_FAULTS) say(`            and ${faults.length - SHOWN_FAULTS} more`);
  }
  return lost;
}

function seconds(began: number): string {
  return `(${((performance.now() - began) / 1000).toFixed(0)} s)`;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const interrupted = error instanceof InterruptedError;
  process.stderr.write(interrupted ? 'Interrupted.\n' : `${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = interrupted ? INTERRUPTED_EXIT_CODE : 1;
}
