import type { Stack } from '../../stack/start-stack.js';
import { APP_NAMES, type StackPorts } from '../../stack/topology.js';
import type { Target } from './bad-caller.js';
import { BAD_KINDS } from './bad-kinds.js';
import { attackTheEdge, type EdgeDrillResult } from './edge-drill.js';

const TOLD_TIMES = 20;
const SHOWN_FAULTS = 5;
/** MiB resident: what a process may reach with the worst that callers without anything can send. */
const MOST_MEMORY = 512;
/** Of one address, kind by kind. */
const MOST_COUNTS = 100;
/** Database pools open and close their own. */
const DESCRIPTORS_OF_POOLS = 5;

export interface EdgeDrillRun {
  bad: number;
  ports: StackPorts;
  signal: AbortSignal;
  say: (line: string) => void;
}

/** Tells how it goes and what was left. Gives the number of broken promises, which must be none. */
export async function runEdgeDrill(stack: Stack, { bad, ports, signal, say }: EdgeDrillRun): Promise<number> {
  const targets = targetsOf(ports);
  say(`${bad} bad connections and requests of ${BAD_KINDS.length} kinds against ${targets.length} listeners`);
  const every = Math.max(1, Math.ceil(bad / TOLD_TIMES));
  const tell = (done: number): void => {
    if (done % every === 0 || done === bad) say(`  ${String(done).padStart(6)} ended`);
  };
  const result = await attackTheEdge(stack, { bad, targets, ports, signal, tell });
  tellFigures(result, say);
  return judge(result, say);
}

/** Every listener of every app. */
function targetsOf(ports: StackPorts): Target[] {
  return APP_NAMES.flatMap((app) =>
    Object.entries(ports[app]).map(([listener, port]) => ({ app, listener, port }) as Target),
  );
}

function tellFigures({ before, after, peak, held, records, honest }: EdgeDrillResult, say: EdgeDrillRun['say']): void {
  say(`\n  ${'process'.padEnd(18)}${'descriptors'.padStart(16)}${'MiB before, at most, after'.padStart(30)}`);
  for (const app of APP_NAMES) {
    const descriptors = `${before[app].descriptors} -> ${after[app].descriptors}`;
    const memory = [before[app].memory, peak[app], after[app].memory].map((value) => value.toFixed(0)).join(', ');
    say(`  ${app.padEnd(18)}${descriptors.padStart(16)}${memory.padStart(30)}`);
  }
  say(`\n  connections held, the apps’ own included: ${held.before} -> ${held.after}`);
  say(
    `  authentication events: ${records.before.proven} -> ${records.after.proven} rows of proven clients, ` +
      `${records.after.strangers} of strangers, who are ${records.after.counts} rows of counts; ${records.after.queued} queued`,
  );
  say(
    `  honest requests: ${honest.times.length} answered, p50 ${at(honest.times, 0.5)} ms, p99 ${at(honest.times, 0.99)} ms\n`,
  );
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(0);
}

function judge(result: EdgeDrillResult, say: EdgeDrillRun['say']): number {
  const { before, after, peak, held, records, letStand, usedUp, honest } = result;
  const left = APP_NAMES.filter((app) => after[app].descriptors > before[app].descriptors + DESCRIPTORS_OF_POOLS);
  const large = APP_NAMES.filter((app) => peak[app] > MOST_MEMORY);
  const promises: [name: string, faults: string[]][] = [
    ['every connection was ended', letStand],
    ['an app without a descriptor left serves who is connected, and recovers', usedUp],
    ['no connection is held any more', held.after <= held.before ? [] : [`${held.after - held.before} are`]],
    ['no descriptor is left', left.map((app) => `${app}: ${before[app].descriptors} -> ${after[app].descriptors}`)],
    [`no process came above ${MOST_MEMORY} MiB`, large.map((app) => `${app}: ${peak[app].toFixed(0)}`)],
    ['no event waits to be written', records.after.queued === 0 ? [] : [`${records.after.queued} do`]],
    ['no stranger has a row of its own', records.after.strangers === 0 ? [] : [`${records.after.strangers} have`]],
    ['strangers are counted in few rows', records.after.counts <= MOST_COUNTS ? [] : [`in ${records.after.counts}`]],
    ['an honest partner was served all along', faultsOf(honest)],
  ];
  for (const [name, faults] of promises) {
    say(`  ${faults.length === 0 ? 'holds ' : 'BROKEN'}  ${name}`);
    for (const fault of faults.slice(0, SHOWN_FAULTS)) say(`            ${fault}`);
    if (faults.length > SHOWN_FAULTS) say(`            and ${faults.length - SHOWN_FAULTS} more`);
  }
  return promises.filter(([, faults]) => faults.length > 0).length;
}

function faultsOf({ times, unexpected }: EdgeDrillResult['honest']): string[] {
  const faults = Object.entries(unexpected).map(([what, count]) => `${what} (${count} times)`);
  return times.length === 0 ? ['nothing was answered', ...faults] : faults;
}
