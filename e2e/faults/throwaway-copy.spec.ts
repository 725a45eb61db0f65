import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { workspaceRoot } from '../stack/workspace-root.js';
import { runSpec } from './run-spec.js';
import { throwawayCopy } from './throwaway-copy.js';
import { tryFaults, type Verdict } from './try-faults.js';
import type { Fault } from './fault.js';

const FILE = 'libs/mtls-binding/src/protocol/challenge.ts';
const SPEC = 'libs/mtls-binding/src/protocol/challenge.spec.ts';
const never = new AbortController().signal;

describe('a throwaway copy', () => {
  const copy = throwawayCopy();
  afterAll(() => copy.remove());

  const fault = (change: Partial<Fault>): Fault => ({
    rule: 'R6',
    then: 'spec',
    in: 'challengeFor',
    find: "'Bearer' :",
    replace: "'Basic' :",
    spec: SPEC,
    ...change,
  });

  async function verdictOn(given: Fault): Promise<Verdict> {
    const verdicts: Verdict[] = [];
    await tryFaults(copy, [given], never, (verdict) => verdicts.push(verdict));
    return verdicts[0]!;
  }

  it('leads to itself where a package of ours is imported, and to the checkout for those of others', () => {
    const packages = join(copy.root, 'node_modules');
    expect(realpathSync(join(packages, '@partner-ecosystem/x509'))).toBe(realpathSync(join(copy.root, 'libs/x509')));
    expect(realpathSync(join(packages, 'vitest'))).toBe(realpathSync(join(workspaceRoot(), 'node_modules/vitest')));
  });

  it('runs a spec of its own', async () => {
    const { tests } = await runSpec(copy, { spec: SPEC, rule: 'R6' }, never);
    expect(tests.length).toBeGreaterThan(1);
    expect(new Set(tests.map(({ status }) => status))).toEqual(new Set(['passed']));
  });

  it('catches a fault, and is whole again afterwards; the checkout never changes', async () => {
    const before = readFileSync(join(workspaceRoot(), FILE), 'utf8');
    const wrong = fault({});
    expect(await verdictOn(wrong)).toMatchObject({ caught: true, because: expect.stringContaining('R6') });
    expect(readFileSync(join(copy.root, FILE), 'utf8')).toBe(before);
    expect(readFileSync(join(workspaceRoot(), FILE), 'utf8')).toBe(before);
  });

  it.each([
    [
      'changes nothing',
      { find: 'const parameters: string[] = [];', replace: 'const parameters: string[] = [ ];' },
      /^it survived/,
    ],
    ['is not to be found', { find: 'no such line' }, /stands 0 times in challengeFor/],
    ['breaks what nothing is called', { in: 'noSuchName' }, /0 declarations are called noSuchName/],
    ['could break several', { in: 'quoted' }, /[2-9] declarations are called quoted/],
    ['does not compile', { find: 'const parameters: string[] = [];', replace: 'const const' }, /^the spec did not run/],
    ['no test can notice', { rule: 'T7' }, /^no test that names the rule ran/],
  ] satisfies [string, Partial<Fault>, RegExp][])(
    'does not call a fault caught that %s',
    async (_, change, because) => {
      expect(await verdictOn(fault(change))).toMatchObject({ caught: false, because: expect.stringMatching(because) });
    },
  );

  it('calls no fault caught by a spec that is red without it', async () => {
    const path = join(copy.root, FILE);
    const source = readFileSync(path, 'utf8');
    writeFileSync(path, source.replace("'Bearer' :", "'Basic' :"));
    const verdict = await verdictOn(fault({ find: "'insufficient_scope'", replace: "''" }));
    writeFileSync(path, source);
    expect(verdict).toMatchObject({ caught: false, because: expect.stringMatching(/is failed without any fault/) });
  });

  it('stops when it is told to, and leaves nothing', async () => {
    const controller = new AbortController();
    const run = runSpec(copy, { spec: SPEC, rule: 'R6' }, controller.signal);
    controller.abort(new Error('interrupted'));
    await expect(run).rejects.toThrow('interrupted');
    copy.remove();
    expect(existsSync(copy.root)).toBe(false);
  });
});
