import { parseArgs } from 'node:util';
import { InterruptedError, listenForInterruption } from '../stack/processes/interruption.js';
import { runBench } from './run-bench.js';
import { isTargetId, TARGET_IDS } from './target.js';

const HELP = `npm run bench [-- --only P3,P4] [-- --quick] [-- --profile]

What the guard costs: its CPU per request against that of reference servers measured in the same run, over 32 kept-alive
mTLS connections (TLS 1.3, P-256). Servers and generator have a core each where taskset can pin them. The two servers of a
row take turns in short bursts after a warm-up, and are started anew several times; a row shows the median of the ratios, where
half of them lie, and their range.
Prints one table, and writes every burst to e2e/bench/results/. Targets are in the table, and the exit code does not depend
on them: a busy machine is no fault of the code.

  --only <ids>   the rows of these targets only: ${TARGET_IDS.join(', ')}
  --quick        fewer and shorter bursts: for a first impression
  --profile      each server also writes a CPU profile to e2e/bench/results/profiles/; the figures are higher then
  --help         prints this`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return (say(HELP), 0);
  const wanted = values.only?.toUpperCase().split(/[\s,]+/) ?? TARGET_IDS;
  if (!wanted.every(isTargetId)) return (say(`Targets are ${TARGET_IDS.join(', ')}.\n\n${HELP}`), 2);
  const { signal, dispose } = listenForInterruption({ watchParent: true });
  try {
    await runBench({ wanted, quick: values.quick, profile: values.profile, signal, say });
    return 0;
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
