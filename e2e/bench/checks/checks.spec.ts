import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { workspaceRoot } from '../../stack/workspace-root.js';
import { CHECKS } from './checks.js';

it.each(CHECKS)('can leave out of the build: $title', ({ file, find, replace }) => {
  // A file that has moved stays in a build of before.
  expect(existsSync(join(workspaceRoot(), file.replace('/dist/', '/src/').replace(/js$/, 'ts')))).toBe(true);
  expect(readFileSync(join(workspaceRoot(), file), 'utf8').split(find)).toHaveLength(2);
  expect(replace).not.toBe(find);
});
