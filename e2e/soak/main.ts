import { parseArgs } from 'node:util';
import { chooseCores, pinSelf } from '../bench/cores.js';
import { describeMachine, machineLine } from '../bench/machine.js';
import { InterruptedError, listenForInterruption } from '../stack/processes/interruption.js';
import { soak } from './soak.js';

const HELP = `npm run soak [-- --minutes <number>]

The token service at half of the most tokens per second that it can issue here, on a stack of its own with a real PostgreSQL,
while partners lose their access in every way there is and get it back, and signing keys are rotated. Prints latency and
resident memory every ten seconds and how both moved. Exits with 1 after an answer that was no token, or a change that failed.

  --minutes <number>  30 unless told otherwise
  --help              prints this`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { minutes: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return (say(HELP), 0);
  const minutes = Number(values.minutes ?? 30);
  if (!(minutes > 0 && minutes <= 10_000)) return (say(`--minutes takes a number.\n\n${HELP}`), 2);
  const { signal, dispose } = listenForInterruption({ watchParent: true });
  const cores = chooseCores();
  say(machineLine(describeMachine(cores)));
  if (cores) pinSelf(cores.generator);
  try {
    return (await soak(minutes, { cores, quick: false, profiles: undefined, signal, say })) ? 0 : 1;
  } finally {
    dispose();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const interrupted = error instanceof InterruptedError;
  process.stderr.write(interrupted ? 'Interrupted.\n' : `${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = interrupted ? 130 : 1;
}
