import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { namingPattern, type RuleId } from '../rules/rule-id.js';
import type { ThrowawayCopy } from './throwaway-copy.js';

const TIME_LIMIT_MS = 300_000;
// What never comes because of a fault is red after this long, not after what an overloaded machine may need.
const TEST_LIMIT_MS = 60_000;
const TIME_TO_TIDY_UP_MS = 60_000;

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      message: z.string().default(''),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/** What became of the tests of one spec file that name a rule. */
export interface SpecRun {
  tests: { name: string; status: string }[];
  /** why there are none, or the end of what vitest printed */
  output: string;
}

/** Runs, of one spec file in the copy, what names the rule, with its project's own configuration. Rejects when interrupted. */
export async function runSpec(
  copy: ThrowawayCopy,
  { spec, rule }: { spec: string; rule: RuleId },
  signal: AbortSignal,
): Promise<SpecRun> {
  const [, project, path] = /^((?:apps|libs)\/[^/]+|e2e)\/(.+)$/.exec(spec) ?? [];
  if (project === undefined || path === undefined) throw new Error(`${spec} is in no project`);
  const [, need] = /\.(real|browser|docker)\.spec\.ts$/.exec(path) ?? [];
  const report = join(copy.root, project, `test-results${need ? `.${need}` : ''}.json`);
  rmSync(report, { force: true });
  const output = await vitest(
    copy,
    join(copy.root, project),
    [
      ...['run', path, '--bail=1', `--testTimeout=${TEST_LIMIT_MS}`, '-t', namingPattern(rule).source],
      ...(need ? ['--mode', need] : []),
    ],
    signal,
  );
  signal.throwIfAborted();
  if (!existsSync(report)) return { tests: [], output };
  const { testResults } = reportSchema.parse(JSON.parse(readFileSync(report, 'utf8')));
  const tests = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .map(({ fullName: name, status }) => ({ name, status }))
    .filter(({ name }) => namingPattern(rule).test(name));
  return { tests, output: testResults.map(({ message }) => message).join('\n') || output };
}

function vitest(copy: ThrowawayCopy, cwd: string, args: string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(copy.root, 'node_modules/vitest/vitest.mjs'), ...args], {
      cwd,
      // a group of its own: what vitest started can be ended with it
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TMPDIR: copy.temporary, NO_COLOR: '1' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const stop = (): void => endGroup(child.pid);
    const limit = setTimeout(() => {
      output += `\nnot finished after ${TIME_LIMIT_MS / 1000} s`;
      stop();
    }, TIME_LIMIT_MS);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    child.once('error', reject);
    child.once('close', () => {
      clearTimeout(limit);
      signal.removeEventListener('abort', stop);
      resolve(output);
    });
  });
}

function endGroup(pid: number | undefined): void {
  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      if (pid !== undefined) process.kill(-pid, signal);
    } catch {
      // it has ended
    }
  };
  signalGroup('SIGTERM');
  setTimeout(() => signalGroup('SIGKILL'), TIME_TO_TIDY_UP_MS).unref();
}
