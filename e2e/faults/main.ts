import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RuleId } from '../rules/rule-id.js';
import { InterruptedError, listenForInterruption } from '../stack/processes/interruption.js';
import { workspaceRoot } from '../stack/workspace-root.js';
import { FAULTS } from './committed-faults.js';
import type { Fault } from './fault.js';
import { throwawayCopy, type ThrowawayCopy } from './throwaway-copy.js';
import { tryFaults, type Verdict } from './try-faults.js';

const HELP = `npm run test:faults [-- --rule <id>]...

Breaks each rule of docs/rules.md on purpose, one line at a time, in throwaway copies of the checkout, and runs the spec
that must notice: a test that names the rule has to turn red. Exits 1 if a fault is not caught. The checkout stays as it is.

  --rule <id>   only the faults of this rule, such as A10; may be repeated
  --list        prints the faults and tries none
  --help        prints this`;

const COPIES = 2;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      rule: { type: 'string', multiple: true, default: [] },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return (say(HELP), 0);
  const wanted = values.rule.map((rule) => rule.toUpperCase());
  const unknown = wanted.filter((rule) => !FAULTS.some((fault) => fault.rule === rule));
  if (unknown.length > 0) return (say(`No fault is committed for ${unknown.join(', ')}.`), 2);
  const faults = FAULTS.filter(({ rule }) => wanted.length === 0 || wanted.includes(rule));
  if (values.list) return (faults.forEach((fault) => say(`${fault.rule.padEnd(4)}${fault.then}  (${fault.in})`)), 0);
  return report(faults.length, await tryAll(bySpecAndRule(faults)));
}

/** The faults of one rule in one spec file each; long spec files take long and come first, so that the copies end together. */
function bySpecAndRule(faults: readonly Fault[]): [Fault, ...Fault[]][] {
  const groups = new Map<string, [Fault, ...Fault[]]>();
  for (const fault of faults) {
    const key = `${fault.spec} ${fault.rule}`;
    const group = groups.get(key);
    if (group) group.push(fault);
    else groups.set(key, [fault]);
  }
  const effort = ([{ spec }]: [Fault, ...Fault[]]): number => statSync(join(workspaceRoot(), spec)).size;
  return [...groups.values()].sort((a, b) => effort(b) - effort(a));
}

async function tryAll(groups: [Fault, ...Fault[]][]): Promise<Verdict[]> {
  const { signal, dispose } = listenForInterruption({ watchParent: true });
  const verdicts: Verdict[] = [];
  const copies: ThrowawayCopy[] = [];
  const work = async (): Promise<void> => {
    const copy = throwawayCopy();
    copies.push(copy);
    for (let group = groups.shift(); group; group = groups.shift()) {
      await tryFaults(copy, group, signal, (verdict) => {
        verdicts.push(verdict);
        say(rowOf(verdict));
      });
    }
  };
  try {
    // all, whatever becomes of one: nothing may run in a copy that is being removed
    const ends = await Promise.allSettled(Array.from({ length: Math.min(COPIES, groups.length) }, work));
    signal.throwIfAborted();
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    return verdicts;
  } finally {
    copies.forEach((copy) => copy.remove());
    dispose();
  }
}

function rowOf({ fault, caught, because, seconds }: Verdict): string {
  const [reason] = because.split('\n');
  const outcome = caught ? 'caught' : 'NOT CAUGHT';
  return `${fault.rule.padEnd(4)}${outcome.padEnd(11)}${seconds.toFixed(1).padStart(5)} s  ${fault.then}\n${' '.repeat(24)}${reason}`;
}

function report(expected: number, verdicts: readonly Verdict[]): number {
  const findings = verdicts.filter(({ caught }) => !caught);
  const rules = new Set<RuleId>(verdicts.map(({ fault }) => fault.rule));
  for (const { fault, because } of findings) {
    say(
      `\n${fault.rule} not caught: ${fault.then}\n  ${fault.in}\n  - ${fault.find}\n  + ${fault.replace}\n  ${fault.spec}\n${because}`,
    );
  }
  say(`\n${verdicts.length - findings.length} of ${expected} faults caught, ${rules.size} rules.`);
  return findings.length === 0 && verdicts.length === expected ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const interrupted = error instanceof InterruptedError;
  process.stderr.write(interrupted ? 'Interrupted.\n' : `${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = interrupted ? 130 : 1;
}
