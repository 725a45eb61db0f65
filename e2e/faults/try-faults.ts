import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFault, type Fault } from './fault.js';
import { runSpec, type SpecRun } from './run-spec.js';
import type { ThrowawayCopy } from './throwaway-copy.js';

/** `caught`: a test that names the rule turned red. Everything else is a finding. */
export interface Verdict {
  fault: Fault;
  caught: boolean;
  /** the test that turned red, or what happened instead */
  because: string;
  seconds: number;
}

const LONGEST_OUTPUT = 1_500;

/**
 * Tries the faults of one rule that one spec file must notice, one after the other, in a copy that is whole again
 * afterwards. First comes the spec without any: what is red anyway proves nothing.
 */
export async function tryFaults(
  copy: ThrowawayCopy,
  faults: readonly [Fault, ...Fault[]],
  signal: AbortSignal,
  tell: (verdict: Verdict) => void,
): Promise<void> {
  const sound = await runSpec(copy, faults[0], signal);
  for (const fault of faults) {
    const started = performance.now();
    const verdict = unusable(sound) ?? (await tryFault(copy, fault, signal));
    tell({ fault, ...verdict, seconds: (performance.now() - started) / 1000 });
  }
}

type Outcome = Pick<Verdict, 'caught' | 'because'>;

function unusable(sound: SpecRun): Outcome | undefined {
  const red = sound.tests.find(({ status }) => status !== 'passed');
  if (red) return finding(`"${red.name}" is ${red.status} without any fault`, sound);
  return sound.tests.length === 0 ? finding('no test that names the rule ran', sound) : undefined;
}

async function tryFault(copy: ThrowawayCopy, fault: Fault, signal: AbortSignal): Promise<Outcome> {
  let whole = (): void => undefined;
  try {
    const { path, sound, broken } = withFault(copy.root, fault);
    whole = () => writeFileSync(join(copy.root, path), sound);
    writeFileSync(join(copy.root, path), broken);
    const run = await runSpec(copy, fault, signal);
    const red = run.tests.find(({ status }) => status === 'failed');
    if (red) return { caught: true, because: red.name };
    const passed = run.tests.length > 0 && run.tests.every(({ status }) => status === 'passed');
    return passed ? { caught: false, because: 'it survived' } : finding('the spec did not run with it', run);
  } catch (error) {
    if (signal.aborted) throw error;
    return { caught: false, because: error instanceof Error ? error.message : String(error) };
  } finally {
    whole();
  }
}

function finding(what: string, { output }: SpecRun): Outcome {
  return { caught: false, because: `${what}\n${output.trim().slice(-LONGEST_OUTPUT)}` };
}
