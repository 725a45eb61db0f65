import { describe, expect, it } from 'vitest';
import { numbersWithoutGaps, rulesDocumentFrom, withRulesHeld } from './rules-document.js';

const MARKERS = [
  '<!-- Written by `npm run rules`, from the titles of the specs. -->',
  '<!-- End of what `npm run rules` writes. -->',
];
const document = (between: string) =>
  [
    '| id  | rule |',
    '| --- | ---- |',
    '| T1  | One. |',
    '| T2  | Two, see A1. |',
    '',
    '- T2: not built yet: later',
    '',
    MARKERS[0],
    between,
    MARKERS[1],
    'after',
    '',
  ].join('\n');

describe('the document', () => {
  it('is read by its rows and its lines', () => {
    expect(rulesDocumentFrom(document(''))).toEqual({ rules: ['T1', 'T2'], notBuilt: ['T2'] });
  });

  it('is written between the markers only, and the same a second time', () => {
    const held = new Map([
      ['T1', ['libs/platform/src/serve/tls.spec.ts', 'e2e/specs/black-box/raw-tls.spec.ts']],
    ] as const);
    const written = withRulesHeld(document('| T9 | stale |'), held);
    expect(written).toContain(
      '| T1 | [platform: tls](../libs/platform/src/serve/tls.spec.ts), [e2e: raw-tls](../e2e/specs/black-box/raw-tls.spec.ts) |',
    );
    expect(written).toContain('| T2 |  |');
    expect(written).not.toContain('stale');
    expect(written.endsWith('after\n')).toBe(true);
    expect(withRulesHeld(written, held)).toBe(written);
    expect(rulesDocumentFrom(written)).toEqual(rulesDocumentFrom(document('')));
  });

  it('without its markers is an error, not an empty list', () => {
    expect(() => rulesDocumentFrom('| T1 | One. |')).toThrow('docs/rules.md has lost the lines');
  });

  it('has gaps where a number is missing, doubled or out of order', () => {
    expect(numbersWithoutGaps(['T1', 'T2', 'A1'])).toEqual(['T1', 'T2', 'A1']);
    for (const wrong of [
      ['T1', 'T3'],
      ['T1', 'T1'],
      ['T2', 'T1'],
      ['A1', 'T1'],
    ] as const) {
      expect(numbersWithoutGaps(wrong)).not.toEqual(wrong);
    }
  });
});
