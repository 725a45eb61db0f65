import { policyExtensions, mintCertificate } from '@partner-ecosystem/test-pki';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCertificate } from '../certificate/parse-certificate.js';
import { judgePath, type PathVerdict } from './index.js';
import { judgedChain, type PolicyStatement } from './policy-chain.testing.js';
import { isAcceptedByTree } from './valid-policy-tree.testing.js';

const ANY = '2.5.29.32.0';
const [GOLD, SILVER, BRONZE] = ['1.2.3.4', '1.2.3.5', '1.2.3.6'];
const ROOT: PolicyStatement = {};
const failures = ({ checks }: PathVerdict) => checks.filter(({ result }) => result === 'fail').map(({ id }) => id);

interface Pair {
  trait: string;
  /** anchor first, leaf last */
  good: PolicyStatement[];
  bad: PolicyStatement[];
}

describe('A43: constraints on certificate policies are processed (RFC 5280 6.1)', () => {
  // Held against OpenSSL 3.0.19 by hand, 300 random chains of the property below, no difference:
  // openssl verify -policy_check -policy 2.5.29.32.0 -purpose sslclient -CAfile <anchor> -untrusted <rest> <leaf>
  // says OK for each good chain and error 43, no explicit policy, for each bad one. It differs where the leaf itself is
  // self-issued: 6.1.5 (a) counts that one, OpenSSL does not.
  it.each<Pair>([
    {
      trait: 'an authority requires an explicit policy from here on',
      good: [ROOT, { policies: [GOLD], requireExplicitPolicy: 0 }, { policies: [GOLD] }],
      bad: [ROOT, { policies: [GOLD], requireExplicitPolicy: 0 }, {}],
    },
    {
      trait: 'the constraint is not critical',
      good: [ROOT, { policies: [GOLD], requireExplicitPolicy: 0, critical: false }, { policies: [GOLD] }],
      bad: [ROOT, { policies: [GOLD], requireExplicitPolicy: 0, critical: false }, {}],
    },
    {
      trait: 'the leaf names a policy that its authority does not have',
      good: [ROOT, { policies: [GOLD, SILVER], requireExplicitPolicy: 0 }, { policies: [BRONZE, SILVER] }],
      bad: [ROOT, { policies: [GOLD], requireExplicitPolicy: 0 }, { policies: [SILVER] }],
    },
    {
      trait: 'an authority in between names none',
      good: [ROOT, { policies: [GOLD], requireExplicitPolicy: 0 }, { policies: [GOLD] }, { policies: [GOLD] }],
      bad: [ROOT, { policies: [GOLD], requireExplicitPolicy: 0 }, {}, { policies: [GOLD] }],
    },
    {
      trait: 'it is required after so many certificates',
      good: [ROOT, { requireExplicitPolicy: 3 }, {}, {}],
      bad: [ROOT, { requireExplicitPolicy: 2 }, {}, {}],
    },
    {
      trait: 'a certificate that renews its own key is not counted, but the last one is',
      good: [ROOT, { requireExplicitPolicy: 2 }, { selfIssued: true }, {}],
      bad: [ROOT, { requireExplicitPolicy: 1 }, { selfIssued: true }, { selfIssued: true }],
    },
    {
      trait: 'a later constraint may be stricter, never looser',
      good: [
        ROOT,
        { policies: [ANY], requireExplicitPolicy: 0 },
        { policies: [ANY], requireExplicitPolicy: 9 },
        { policies: [GOLD] },
      ],
      bad: [ROOT, { policies: [ANY], requireExplicitPolicy: 0 }, { policies: [ANY], requireExplicitPolicy: 9 }, {}],
    },
    {
      trait: 'the leaf itself requires it',
      good: [ROOT, { policies: [GOLD] }, { policies: [GOLD], requireExplicitPolicy: 0 }],
      bad: [ROOT, { policies: [GOLD] }, { requireExplicitPolicy: 0 }],
    },
    {
      trait: 'any policy is inhibited',
      good: [ROOT, { policies: [ANY], requireExplicitPolicy: 0, inhibitAnyPolicy: 1 }, { policies: [ANY] }],
      bad: [ROOT, { policies: [ANY], requireExplicitPolicy: 0, inhibitAnyPolicy: 0 }, { policies: [ANY] }],
    },
    {
      trait: 'any policy is inhibited, except where an authority renews its own key',
      good: [
        ROOT,
        { policies: [GOLD], requireExplicitPolicy: 0, inhibitAnyPolicy: 0 },
        { selfIssued: true, policies: [ANY] },
        { policies: [GOLD] },
      ],
      bad: [
        ROOT,
        { policies: [GOLD], requireExplicitPolicy: 0, inhibitAnyPolicy: 0 },
        { policies: [ANY] },
        { policies: [GOLD] },
      ],
    },
    {
      trait: 'a policy is mapped to that of another domain',
      good: [ROOT, { policies: [GOLD], mappings: [[GOLD, SILVER]], requireExplicitPolicy: 0 }, { policies: [SILVER] }],
      bad: [ROOT, { policies: [GOLD], mappings: [[GOLD, SILVER]], requireExplicitPolicy: 0 }, { policies: [GOLD] }],
    },
    {
      trait: 'mapping is inhibited',
      good: [
        ROOT,
        { policies: [GOLD], requireExplicitPolicy: 0, inhibitPolicyMapping: 1 },
        { policies: [GOLD], mappings: [[GOLD, SILVER]] },
        { policies: [SILVER] },
      ],
      bad: [
        ROOT,
        { policies: [GOLD], requireExplicitPolicy: 0, inhibitPolicyMapping: 0 },
        { policies: [GOLD], mappings: [[GOLD, SILVER]] },
        { policies: [SILVER] },
      ],
    },
  ])('$trait', async ({ good, bad }) => {
    expect(failures(await judgedChain(good))).toEqual([]);
    expect(failures(await judgedChain(bad))).toEqual(['path_policies']);
  });

  it('where nobody requires a policy, none is needed', async () => {
    const mapping: PolicyStatement = { mappings: [[GOLD, SILVER]] };
    for (const middle of [mapping, { policies: [GOLD], inhibitAnyPolicy: 0 }, { inhibitPolicyMapping: 0 }]) {
      expect(failures(await judgedChain([ROOT, middle, {}]))).toEqual([]);
    }
  });

  // openssl processes nothing of an anchor; here its path length and name constraints count as well
  it('a constraint of the anchor counts, and the policies it names do not', async () => {
    const anchor = { policies: [BRONZE], requireExplicitPolicy: 0 };
    expect(failures(await judgedChain([anchor, { policies: [GOLD] }, { policies: [GOLD] }]))).toEqual([]);
    expect(failures(await judgedChain([anchor, { policies: [GOLD] }, {}]))).toEqual(['path_policies']);
  });

  it('the refusal says who requires what, and what is there', async () => {
    const { checks } = await judgedChain([
      ROOT,
      { policies: [GOLD], requireExplicitPolicy: 0 },
      { policies: [SILVER] },
    ]);
    expect(checks.find(({ id }) => id === 'path_policies')).toMatchObject({
      observed:
        'leaf CN=2: certificate policies 1.2.3.5; none that all authorities above it allow, and intermediate CN=1 requires one',
      hint: expect.stringContaining('have the certificate issued with one'),
    });
  });

  it.each<[string, { oid: string; value: string }]>([
    ['constraints without any', { oid: '2.5.29.36', value: '3000' }],
    ['a negative count', { oid: '2.5.29.36', value: '30038001ff' }],
    ['constraints out of order', { oid: '2.5.29.36', value: '3006810100800100' }],
    ['the same constraint twice', { oid: '2.5.29.36', value: '3006800100800105' }],
    ['a negative inhibitAnyPolicy', { oid: '2.5.29.54', value: '0201ff' }],
    ['an inhibitAnyPolicy that is none', { oid: '2.5.29.54', value: '0500' }],
    ['a mapping to any policy', { oid: '2.5.29.33', value: '300d300b06032a03040604551d2000' }],
    ['a mapping from any policy', { oid: '2.5.29.33', value: '300d300b0604551d200006032a0304' }],
    ['half of a mapping', { oid: '2.5.29.33', value: '3007300506032a0304' }],
    ['a list of policies without any', { oid: '2.5.29.32', value: '3000' }],
    ['more policies than anybody has', { oid: '2.5.29.32', value: manyPolicies(257) }],
  ])('%s: cannot be read, and refuses', async (_, { oid, value }) => {
    const root = await mintCertificate({ subject: 'CN=Root', authority: true });
    const extensions = [{ oid, critical: true, value: Buffer.from(value, 'hex') }];
    const issuing = await mintCertificate({ subject: 'CN=Issuing', issuer: root, authority: true, extensions });
    const leaf = await mintCertificate({ subject: 'CN=client', issuer: issuing });
    const [anchor, intermediate, client] = [root, issuing, leaf].map(({ der }) => parseCertificate(der));
    const verdict = judgePath({ leaf: client!, intermediates: [intermediate!], anchors: [anchor!], now: new Date() });
    expect(failures(verdict)).toEqual(['path_policies']);
    expect(verdict.checks.at(-1)!.observed).toContain(
      'intermediate CN=Issuing: an extension about policies that cannot be read',
    );
  });

  it('agrees with the valid_policy_tree of RFC 5280, whatever the certificates say', async () => {
    const policy = fc.constantFrom(GOLD, SILVER, BRONZE);
    const count = fc.option(fc.nat(3), { nil: undefined, freq: 2 });
    const statement = fc.record({
      policies: fc.option(fc.uniqueArray(fc.oneof(policy, fc.constant(ANY)), { minLength: 1 }), {
        nil: undefined,
        freq: 9,
      }),
      mappings: fc.option(fc.array(fc.tuple(policy, policy), { minLength: 1, maxLength: 3 }), {
        nil: undefined,
        freq: 1,
      }),
      requireExplicitPolicy: count,
      inhibitPolicyMapping: count,
      inhibitAnyPolicy: count,
      selfIssued: fc.boolean(),
    });
    const seen = { accepted: 0, refused: 0 };
    const agrees = fc.asyncProperty(fc.array(statement, { minLength: 2, maxLength: 6 }), async (statements) => {
      const accepted = isAcceptedByTree(statements);
      seen[accepted ? 'accepted' : 'refused'] += 1;
      expect(failures(await judgedChain(statements))).toEqual(accepted ? [] : ['path_policies']);
    });
    // the seed is in what fast-check says about a counterexample
    await fc.assert(agrees, { numRuns: 2000, interruptAfterTimeLimit: 10_000 });
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(0);
  });

  it('takes no more work where mappings would make a tree of exponential size', async () => {
    const policies = [GOLD, SILVER, BRONZE].map((oid) => Array.from({ length: 60 }, (_, n) => `${oid}.${n}`)).flat();
    const mappings = policies.flatMap((from, n) =>
      [from, policies[(n + 1) % 180]!].map((to): [string, string] => [from, to]),
    );
    const bomb = { policies, mappings: mappings.slice(0, 256), requireExplicitPolicy: 0 };
    const verdict = await judgedChain([ROOT, ...Array.from({ length: 8 }, () => bomb), { policies: [policies[5]!] }]);
    expect(failures(verdict)).toEqual([]);
  });
});

function manyPolicies(count: number): string {
  const [extension] = policyExtensions({ policies: Array.from({ length: count }, (_, n) => `1.2.3.${n}`) });
  return Buffer.from(extension!.value).toString('hex');
}
