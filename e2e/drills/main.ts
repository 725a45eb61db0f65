import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePorts } from '../stack/ports/free-ports.js';
import { InterruptedError, listenForInterruption } from '../stack/processes/interruption.js';
import { startStack, type Stack } from '../stack/start-stack.js';
import type { StackPorts } from '../stack/topology.js';
import { runEdgeDrill } from './edge/run-edge-drill.js';
import { runKillDrill } from './kills/run-kill-drill.js';
import { runRevocationDrill } from './revocations/run-revocation-drill.js';

const HELP = `npm run drill [-- --kills <number>] [-- --trials <number>] [-- --seed <number>]
npm run drill -- --edge [--bad <number>]

Two drills, each on a stack of its own. Prints what was lost, which must be nothing, and exits with 0 only then. Nothing is
left behind.

Kills: registry processes are killed with SIGKILL in the middle of mutations, again and again, while six operators write
through three replicas on one PostgreSQL; then what must hold is checked by name.

Trials: while three guarded APIs answer 200 requests per second, partners' access is taken away in every way there is.
Each time the milliseconds are counted until the last API refuses; more than 1000 is a failure.

Edge, instead of both: bad connections and requests of every kind against every listener, while a partner goes on working.
Prints descriptors, memory, rows and queue before and after. Linux only: it looks into /proc.

  --kills <number>   how many; 200 unless told otherwise; 0 leaves that drill out
  --trials <number>  how many; 200 unless told otherwise, 10 or more; 0 leaves that drill out
  --seed <number>    of the choices: who does what, who is killed after how long. Printed, so that a run can be repeated
                     (the machine's own timing is not repeated)
  --edge             that drill alone
  --bad <number>     how many bad connections; 20000 unless told otherwise
  --help             prints this`;

const LEAST_TRIALS = 10;
const INTERRUPTED_EXIT_CODE = 130;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Drills {
  bad: number;
  kills: number;
  trials: number;
  seed: number;
}

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      kills: { type: 'string' },
      trials: { type: 'string' },
      seed: { type: 'string' },
      edge: { type: 'boolean' },
      bad: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return (say(HELP), 0);
  const others = values.edge ? 0 : 200;
  const drills = {
    bad: values.edge ? wholeNumber(values.bad, 20_000) : 0,
    kills: wholeNumber(values.kills, others),
    trials: wholeNumber(values.trials, others),
    seed: wholeNumber(values.seed, randomInt(1_000_000)),
  };
  if (areNumbers(drills) && (drills.trials === 0 || drills.trials >= LEAST_TRIALS)) return runDrills(drills);
  say(`--bad, --kills, --trials and --seed take whole numbers, --trials 0 or at least ${LEAST_TRIALS}.\n\n${HELP}`);
  return 2;
}

async function runDrills({ bad, kills, trials, seed }: Drills): Promise<number> {
  const interruption = listenForInterruption({ watchParent: true });
  const { signal } = interruption;
  let broken = 0;
  try {
    if (bad > 0) {
      broken += await onStack(signal, (stack, _directory, ports) => runEdgeDrill(stack, { bad, ports, signal, say }));
    }
    if (kills > 0) {
      broken += await onStack(signal, (stack, directory) =>
        runKillDrill(stack, { kills, seed, signal, directory, say }),
      );
    }
    if (trials > 0) {
      broken += await onStack(signal, (stack, directory) =>
        runRevocationDrill(stack, { trials, seed, signal, directory, say }),
      );
    }
    return broken === 0 ? 0 : 1;
  } finally {
    interruption.dispose();
  }
}

async function onStack<T>(
  signal: AbortSignal,
  drill: (stack: Stack, directory: string, ports: StackPorts) => Promise<T>,
): Promise<T> {
  const began = performance.now();
  const directory = mkdtempSync(join(tmpdir(), 'partner-ecosystem-drill-'));
  try {
    const ports = await freePorts();
    const stack = await startStack({ ports, directory: join(directory, 'stack'), signal });
    try {
      return await Promise.race([drill(stack, directory, ports), stack.failed]);
    } finally {
      await stack.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
    say(`(${((performance.now() - began) / 1000).toFixed(0)} s)\n`);
  }
}

function wholeNumber(text: string | undefined, otherwise: number): number | undefined {
  if (text === undefined) return otherwise;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function areNumbers(drills: Record<keyof Drills, number | undefined>): drills is Drills {
  return Object.values(drills).every((number) => number !== undefined);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const interrupted = error instanceof InterruptedError;
  process.stderr.write(interrupted ? 'Interrupted.\n' : `${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = interrupted ? INTERRUPTED_EXIT_CODE : 1;
}
