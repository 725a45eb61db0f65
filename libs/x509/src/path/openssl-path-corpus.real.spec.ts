import { opensslVerify, type Minted } from '@partner-ecosystem/test-pki';
import { describe, expect, it } from 'vitest';
import { chainOf, NOW, PATH_CORPUS, type Chain } from './path-corpus.testing.js';

// what openssl calls the same faults (X509_V_ERR_*, by number): a refusal for another reason would prove nothing
const SAME_FAULTS: Readonly<Record<string, number[]>> = {
  path_no_issuer: [20],
  path_signature: [7],
  path_untrusted_root: [18, 19, 20],
  path_not_yet_valid: [9],
  path_expired: [10],
  path_issuer_not_ca: [24, 79],
  path_key_usage: [20, 24, 26, 32, 79],
  path_extended_key_usage: [26],
  path_unknown_critical_extension: [34],
  path_weak_key: [66, 67],
  path_weak_signature: [68],
  path_length: [25],
  path_name_constraints: [47, 48, 49, 51, 53],
};

const verdictOf = ({ leaf, intermediates, anchors }: Chain) => {
  const ders = (list: Minted[]) => list.map(({ der }) => der);
  return opensslVerify({ leaf: leaf.der, intermediates: ders(intermediates), anchors: ders(anchors), now: NOW });
};

describe.each([...PATH_CORPUS])('openssl agrees, or the corpus says why not: %s', (_, pairs) => {
  it.each(pairs)('$trait', async ({ good, bad, fails, openssl }) => {
    const because = openssl?.because;
    expect(await verdictOf(await chainOf(good)), because).toMatchObject({ accepted: openssl?.good !== 'refused' });
    const { accepted, reason } = await verdictOf(await chainOf(bad));
    expect(accepted, reason).toBe(openssl?.bad === 'accepted');
    if (!accepted) expect(SAME_FAULTS[fails[0]!], reason).toContain(Number(/^error (\d+) /.exec(reason)?.[1]));
  });
});
