import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAULTS } from '../../faults/committed-faults.js';
import { withFault } from '../../faults/fault.js';
import { namingPattern, namesRange, type RuleId } from '../../rules/rule-id.js';
import { numbersWithoutGaps, RULES_DOCUMENT, rulesDocumentFrom, withRulesHeld } from '../../rules/rules-document.js';
import { rulesHeldBy, specFiles } from '../../rules/rules-held.js';
import { workspaceRoot } from '../../stack/workspace-root.js';

const read = (path: string): string => readFileSync(join(workspaceRoot(), path), 'utf8');

describe(RULES_DOCUMENT, () => {
  const markdown = read(RULES_DOCUMENT);
  const { rules, notBuilt } = rulesDocumentFrom(markdown);
  const specs = specFiles();
  const held = rulesHeldBy(specs);
  const built = rules.filter((rule) => !notBuilt.includes(rule));

  it('numbers the rules of each group from 1 without a gap, and none is lost', () => {
    expect(rules).toEqual(numbersWithoutGaps(rules));
    expect(rules).toEqual(expect.arrayContaining(['T7', 'A31', 'R11']));
  });

  it('lists the specs as they are: otherwise run `npm run rules`', () => {
    expect(markdown).toBe(withRulesHeld(markdown, held));
  });

  it('has no rule without a spec, but those it says are not built yet', () => {
    expect(built.filter((rule) => !held.has(rule))).toEqual([]);
  });

  it('says of no rule that has a spec that it is not built yet', () => {
    expect(notBuilt.filter((rule) => held.has(rule) || !rules.includes(rule))).toEqual([]);
  });

  it('is named by titles with numbers that exist, written out', () => {
    expect([...held.keys()].filter((rule) => !rules.includes(rule))).toEqual([]);
    expect(specs.flatMap(({ titles }) => titles).filter(namesRange)).toEqual([]);
  });

  it('has a committed fault for each rule that is built, and for no other', () => {
    const broken = new Set<RuleId>(FAULTS.map(({ rule }) => rule));
    expect(built.filter((rule) => !broken.has(rule))).toEqual([]);
    expect([...broken].filter((rule) => !built.includes(rule))).toEqual([]);
  });
});

describe('the committed faults', () => {
  const titles = new Map(specFiles().map((spec) => [spec.path, spec.titles]));

  it.each(FAULTS)('$rule: $then', (fault) => {
    const { sound, broken } = withFault(workspaceRoot(), fault);
    expect(broken).not.toBe(sound);
    expect(titles.get(fault.spec) ?? [], fault.spec).toContainEqual(expect.stringMatching(namingPattern(fault.rule)));
  });
});
