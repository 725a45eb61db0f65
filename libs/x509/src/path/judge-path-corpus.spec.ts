import type { Minted } from '@partner-ecosystem/test-pki';
import { describe, expect, it } from 'vitest';
import { parseCertificate } from '../certificate/parse-certificate.js';
import { judgePath, type PathVerdict } from './index.js';
import { chainOf, NOW, PATH_CORPUS, type Chain } from './path-corpus.testing.js';

function judged({ leaf, intermediates, anchors }: Chain): PathVerdict {
  const parsed = (list: Minted[]) => list.map(({ der }) => parseCertificate(der));
  const [first] = parsed([leaf]);
  return judgePath({ leaf: first!, intermediates: parsed(intermediates), anchors: parsed(anchors), now: NOW });
}

const failures = ({ checks }: PathVerdict) =>
  checks.filter(({ result }) => result === 'fail').map(({ id, observed }) => `${id}: ${observed}`);

describe.each([...PATH_CORPUS])('%s', (_, pairs) => {
  it.each(pairs)('$trait', async ({ good, bad, fails }) => {
    const verdict = judged(await chainOf(good));
    expect(failures(verdict)).toEqual([]);
    expect(verdict.valid).toBe(true);
    expect(verdict.anchor).toBe(verdict.chain.at(-1));
    const refusal = judged(await chainOf(bad));
    expect(refusal.valid).toBe(false);
    expect(refusal.anchor).toBeUndefined();
    expect(refusal.validUntil).toBeUndefined();
    expect(failures(refusal).map((text) => text.split(':')[0])).toEqual(fails);
    for (const { result, observed, expected, hint } of [...verdict.checks, ...refusal.checks]) {
      expect([observed, expected]).not.toContain('');
      expect(hint === '').toBe(result === 'pass');
    }
  });
});
