import { join } from 'node:path';
import type { Stack } from '../../stack/start-stack.js';
import { killInTheMiddle, type DrillOptions, type DrillResult } from './kill-drill.js';

const TOLD_EVERY = 20;
const SHOWN_FAULTS = 5;

export interface KillDrillRun extends Pick<DrillOptions, 'seed' | 'kills' | 'directory' | 'signal'> {
  say: (line: string) => void;
}

/** Tells how it goes and what was lost. Gives the number of broken invariants, which must be none. */
export async function runKillDrill(stack: Stack, { say, directory, ...options }: KillDrillRun): Promise<number> {
  say(`kill -9 in the middle of mutations: ${options.kills} kills, seed ${options.seed}`);
  const result = await killInTheMiddle(stack, {
    ...options,
    directory: join(directory, 'registry-replicas'),
    tell: ({ done, unanswered }) => {
      if (done % TOLD_EVERY !== 0 && done !== options.kills) return;
      say(`  ${String(done).padStart(4)} kills, ${unanswered} requests unanswered`);
    },
  });
  try {
    tellMutations(result, say);
    return await judge(result, say);
  } finally {
    await result.close();
  }
}

function tellMutations({ kills, writers }: DrillResult, say: KillDrillRun['say']): void {
  const acknowledged = writers.flatMap((writer) => writer.acknowledged);
  const repeated = acknowledged.filter(({ tries }) => tries > 1).length;
  const kinds = new Set(acknowledged.map(({ action }) => action)).size;
  say(`\n${acknowledged.length} mutations of ${kinds} kinds answered, ${repeated} of them after being asked again.`);
  say(`${kills.unanswered} requests waited for an answer when their process was killed.\n`);
}

async function judge({ invariants }: DrillResult, say: KillDrillRun['say']): Promise<number> {
  let lost = 0;
  for (const { name, broken } of invariants) {
    const faults = await broken();
    if (faults.length > 0) lost++;
    say(`  ${faults.length === 0 ? 'holds ' : 'BROKEN'}  ${name}`);
    for (const fault of faults.slice(0, SHOWN_FAULTS)) say(`            ${fault}`);
    if (faults.length > SHOWN_FAULTS) say(`            and ${faults.length - SHOWN_FAULTS} more`);
  }
  say(`\n${lost === 0 ? 'Nothing was lost.' : `${lost} invariants are broken.`}`);
  return lost;
}
