import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, it } from 'vitest';
import { workspaceRoot } from '../../stack/workspace-root.js';
import { projectArrows } from './project-graph.js';

// a boundary that is not proven by a failing canary does not exist
const CANARIES = [
  { canary: 'libs/x509/src/boundary.canary.ts', twin: 'libs/x509/src/index.ts' },
  { canary: 'libs/mtls-binding/src/boundary.canary.ts', twin: 'libs/mtls-binding/src/index.ts' },
  {
    canary: 'libs/mtls-binding/src/protocol/boundary.canary.ts',
    twin: 'libs/mtls-binding/src/protocol/bound-token.ts',
  },
  { canary: 'libs/platform/src/boundary.canary.ts', twin: 'libs/platform/src/serve/index.ts' },
  { canary: 'libs/test-pki/src/boundary.canary.ts', twin: 'libs/test-pki/src/index.ts' },
  { canary: 'apps/resource-api/src/boundary.canary.ts', twin: 'apps/resource-api/src/app.module.ts' },
  { canary: 'e2e/stack/boundary.canary.ts', twin: 'e2e/stack/start-stack.ts' },
];

describe('the lint of this repository', () => {
  let eslint: ESLint;

  beforeAll(() => {
    projectArrows();
    eslint = new ESLint({
      cwd: workspaceRoot(),
      ignore: false,
      // canaries belong to no TypeScript project, so the rules that need types cannot look at them
      overrideConfig: {
        ...tseslint.configs.disableTypeChecked,
        languageOptions: { parserOptions: { projectService: false } },
      },
    });
  });

  it.each(CANARIES)('refuses every line of $canary', async ({ canary }) => {
    const expected = expectationsIn(canary);
    expect(expected.length).toBeGreaterThan(0);
    expect(await reported(canary)).toEqual(expected);
  });

  it.each(CANARIES)('finds nothing in $twin, which is in the same place', async ({ twin }) => {
    expect(await reported(twin)).toEqual([]);
  });

  async function reported(path: string): Promise<string[]> {
    const [result] = await eslint.lintFiles([path]);
    const found = result!.messages.map(({ line, ruleId, message }) => `${line} ${ruleId ?? message}`);
    return [...new Set(found)];
  }
});

/** `12 rule-name` for every line that ends with the rule it breaks. */
function expectationsIn(path: string): string[] {
  const lines = readFileSync(join(workspaceRoot(), path), 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const [, rule] = /\/\/ expect: (\S+)$/.exec(line) ?? [];
    return rule === undefined ? [] : [`${index + 1} ${rule}`];
  });
}
