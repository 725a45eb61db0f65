import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InterruptedError, listenForInterruption } from '../stack/processes/interruption.js';
import { workspaceRoot } from '../stack/workspace-root.js';
import { measureChecks } from './checks/measure-checks.js';
import { chooseCores, pinSelf } from './cores.js';
import { changesSince, majorOf, readRecorded, record } from './recorded-figures.js';
import { runBench, type BenchOutcome } from './run-bench.js';
import { isTargetId, TARGET_IDS } from './target.js';

const HELP = `npm run bench [-- --only P1,P3] [-- --quick] [-- --profile] [-- --check] [-- --record] | -- --checks

What the product costs: its CPU per request against that of reference servers measured in the same run, over 32 kept-alive
mTLS connections (TLS 1.3, P-256). The server that is measured has one core, generator and Postgres have another, where taskset
can pin them. The two servers of a row take turns in short bursts after a warm-up, and are started anew several times; a row
shows the median of the ratios, where half of them lie, and their range.
Prints one table, and writes every burst to e2e/bench/results/. Targets are in the table, and the exit code does not depend
on them: a busy machine is no fault of the code.

  --only <ids>   the rows of these targets only: ${TARGET_IDS.join(', ')}
  --quick        fewer and shorter bursts: for a first impression
  --profile      each server also writes a CPU profile to e2e/bench/results/profiles/; the figures are higher then
  --check        also holds the ratios against the recorded ones of this version of Node; a report, no test
  --record       writes the figures to e2e/bench/recorded.json
  --checks       instead of all that: what each check of a token request costs, by copies of the build that lack it
  --help         prints this`;

const OPTIONS = {
  only: { type: 'string' },
  quick: { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  check: { type: 'boolean', default: false },
  record: { type: 'boolean', default: false },
  checks: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (values.help) return (say(HELP), 0);
  const wanted = values.only?.toUpperCase().split(/[\s,]+/) ?? TARGET_IDS;
  if (!wanted.every(isTargetId)) return (say(`Targets are ${TARGET_IDS.join(', ')}.\n\n${HELP}`), 2);
  const { quick, profile } = values;
  const { signal, dispose } = listenForInterruption({ watchParent: true });
  try {
    if (values.checks) return await tellChecks(quick, signal);
    const outcome = await runBench({ wanted, quick, profile, signal, say });
    const recorded = join(workspaceRoot(), 'e2e', 'bench', 'recorded.json');
    if (values.check) tellChanges(recorded, outcome);
    if (values.record) record(recorded, outcome, new Date().toISOString().slice(0, 10));
    return 0;
  } finally {
    dispose();
  }
}

async function tellChecks(quick: boolean, signal: AbortSignal): Promise<number> {
  const cores = chooseCores();
  if (cores) pinSelf(cores.generator);
  await measureChecks({ cores, quick, profiles: undefined, signal, say });
  return 0;
}

function tellChanges(path: string, { machine, figures }: BenchOutcome): void {
  const known = readRecorded(path)[majorOf(machine)];
  if (known === undefined) return say(`\nNothing was recorded for Node ${majorOf(machine)}.`);
  say(`\nBeside what was recorded on ${known.date}:`);
  for (const { title, before, now, verdict } of changesSince(known, figures)) {
    say(`  ${title.padEnd(56)}${before.toFixed(3)} -> ${now.toFixed(3)}  ${verdict}`);
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const interrupted = error instanceof InterruptedError;
  process.stderr.write(interrupted ? 'Interrupted.\n' : `${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = interrupted ? 130 : 1;
}
