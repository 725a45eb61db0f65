import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOfCheckout } from '../checkout/files-of-checkout.js';
import { workspaceRoot } from '../stack/workspace-root.js';
import { rulesNamedIn, type RuleId } from './rule-id.js';
import { specTitles } from './spec-titles.js';

/** Rule -> the spec files with a title that names it, sorted. */
export type RulesHeld = ReadonlyMap<RuleId, readonly string[]>;

export interface SpecFile {
  path: string;
  titles: string[];
}

/** Every spec of the repository but those of this folder, whose titles only play with rules. */
export function specFiles(root = workspaceRoot()): SpecFile[] {
  const specs = filesOfCheckout(root).filter((path) => path.endsWith('.spec.ts') && !path.startsWith('e2e/rules/'));
  return specs.map((path) => ({ path, titles: specTitles(readFileSync(join(root, path), 'utf8'), path) }));
}

export function rulesHeldBy(specs: readonly SpecFile[]): RulesHeld {
  const held = new Map<RuleId, string[]>();
  for (const { path, titles } of specs) {
    for (const rule of new Set(titles.flatMap(rulesNamedIn))) held.set(rule, [...(held.get(rule) ?? []), path]);
  }
  return held;
}
