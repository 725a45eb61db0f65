import { mintCertificate, type Minted, type MintOptions } from '@partner-ecosystem/test-pki';
import { describe, expect, it } from 'vitest';
import type { Certificate } from '../certificate/certificate.js';
import { parseCertificate } from '../certificate/parse-certificate.js';
import { judgePath, type PathVerdict } from './index.js';

const NOW = new Date('2026-06-15T12:00:00Z');
const day = (date: string) => new Date(`${date}T00:00:00Z`);
const VALID = { notBefore: day('2026-01-01'), notAfter: day('2027-01-01') };

const authority = (subject: string, issuer?: Minted, said: Partial<MintOptions> = {}) =>
  mintCertificate({ subject, ...(issuer && { issuer }), authority: true, ...VALID, ...said });
const client = (issuer: Minted, said: Partial<MintOptions> = {}) =>
  mintCertificate({ subject: 'CN=client', issuer, ...VALID, ...said });
const parsed = ({ der }: Minted) => parseCertificate(der);

function judged(leaf: Minted, intermediates: Minted[], anchors: Minted[], now = NOW): PathVerdict {
  return judgePath({ leaf: parsed(leaf), intermediates: intermediates.map(parsed), anchors: anchors.map(parsed), now });
}
const failed = ({ checks }: PathVerdict) => checks.filter(({ result }) => result === 'fail');
const subjects = (chain: Certificate[]) => chain.map(({ subject }) => subject.text);

describe('a valid path', () => {
  it('is given leaf first and anchor last, and holds until the first of its certificates ends', async () => {
    const root = await authority('CN=Root', undefined, { notAfter: day('2030-01-01') });
    const issuing = await authority('CN=Issuing', root, { notAfter: day('2026-09-01') });
    const verdict = judged(await client(issuing), [issuing], [root]);
    expect(verdict.valid).toBe(true);
    expect(subjects(verdict.chain)).toEqual(['CN=client', 'CN=Issuing', 'CN=Root']);
    expect(verdict.anchor?.spkiSha256).toBe(parsed(root).spkiSha256);
    expect(verdict.validUntil).toEqual(day('2026-09-01'));
  });

  it('has every check answered', async () => {
    const root = await authority('CN=Root');
    const { checks } = judged(await client(root), [], [root]);
    expect(checks.map(({ id }) => id)).toEqual([
      'path_no_issuer',
      'path_signature',
      'path_untrusted_root',
      'path_not_yet_valid',
      'path_expired',
      'path_leaf_is_ca',
      'path_issuer_not_ca',
      'path_key_usage',
      'path_extended_key_usage',
      'path_unknown_critical_extension',
      'path_weak_key',
      'path_weak_signature',
      'path_length',
      'path_name_constraints',
      'path_policies',
    ]);
  });

  it('includes the first and the last second of its certificates', async () => {
    const root = await authority('CN=Root');
    const leaf = await client(root, { notBefore: day('2026-06-01'), notAfter: day('2026-07-01') });
    const at = (date: Date, milliseconds: number) => new Date(date.getTime() + milliseconds);
    const verdicts = [-1, 0].map((before) => judged(leaf, [], [root], at(day('2026-06-01'), before)).valid);
    expect(verdicts).toEqual([false, true]);
    const { validUntil } = judged(leaf, [], [root]);
    expect(judged(leaf, [], [root], validUntil!).valid).toBe(true);
    expect(judged(leaf, [], [root], at(validUntil!, 1)).valid).toBe(false);
  });

  it('is the shortest when there are several, and the one that lasts longer when they are equal', async () => {
    const root = await authority('CN=Root');
    const old = await authority('CN=Issuing', root, { notAfter: day('2026-08-01') });
    const next = await authority('CN=Issuing', root, { keyOf: old });
    const leaf = await client(old);
    expect(judged(leaf, [old, next], [root]).validUntil).toEqual(VALID.notAfter);
    expect(judged(leaf, [next, old], [root]).validUntil).toEqual(VALID.notAfter);
    expect(subjects(judged(leaf, [old, next], [root, old]).chain)).toEqual(['CN=client', 'CN=Issuing']);
  });

  it('ends at the anchor by its key, not at one of its name', async () => {
    const [real, namesake] = [await authority('CN=Root'), await authority('CN=Root')];
    const leaf = await client(real);
    expect(judged(leaf, [], [namesake, real]).anchor?.spkiSha256).toBe(parsed(real).spkiSha256);
    expect(judged(leaf, [real], [namesake]).valid).toBe(false);
  });

  it('does not take a certificate somebody made around the key of the anchor for the anchor', async () => {
    const root = await authority('CN=Root', undefined, { nameConstraints: { permitted: [{ dns: 'a.example' }] } });
    const stranger = await authority('CN=Stranger');
    // anybody can certify any public key: this one leaves the constraints out
    const wider = await authority('CN=Root', stranger, { keyOf: root });
    const leaf = await client(root, { names: [{ dns: 'b.example' }] });
    expect(failed(judged(leaf, [wider, stranger], [root])).map(({ id }) => id)).toEqual(['path_name_constraints']);
  });

  it('is not judged by a date that is none', async () => {
    const root = await authority('CN=Root');
    const leaf = await client(root);
    expect(() => judged(leaf, [], [root], new Date(Number.NaN))).toThrow(TypeError);
  });
});

describe('a refusal tells an operator what to do', () => {
  const only = (verdict: PathVerdict) => {
    expect(failed(verdict)).toHaveLength(1);
    return failed(verdict)[0]!;
  };

  it('names the missing intermediate', async () => {
    const root = await authority('CN=Root');
    const issuing = await authority('CN=Issuing,O=Partner', root);
    const verdict = judged(await client(issuing), [], [root]);
    expect(only(verdict)).toMatchObject({
      id: 'path_no_issuer',
      observed: 'the certificate of CN=Issuing,O=Partner is missing, which issued leaf CN=client',
      hint: expect.stringContaining('as an intermediate'),
    });
    expect(subjects(verdict.chain)).toEqual(['CN=client']);
  });

  it('names the key of a root that is no anchor', async () => {
    const [root, other] = [await authority('CN=Root'), await authority('CN=Other')];
    const issuing = await authority('CN=Issuing', root);
    const verdict = judged(await client(issuing), [root, issuing], [other]);
    expect(only(verdict).id).toBe('path_untrusted_root');
    expect(only(verdict).observed).toContain(`intermediate CN=Root (key ${parsed(root).spkiSha256})`);
    expect(subjects(verdict.chain)).toEqual(['CN=client', 'CN=Issuing', 'CN=Root']);
  });

  it('says that an anchor of that name has another key', async () => {
    const [root, namesake] = [await authority('CN=Root'), await authority('CN=Root')];
    const leaf = await client(root);
    expect(only(judged(leaf, [root], [namesake])).observed).toContain('an anchor of that name with another key');
    expect(only(judged(leaf, [], [namesake])).observed).toContain('a certificate of that name is there');
  });

  it('says that a self-signed leaf has no authority', async () => {
    const leaf = await mintCertificate({ subject: 'CN=client', ...VALID });
    expect(only(judged(leaf, [], [leaf])).hint).toContain('signed with its own key');
  });

  it('says which certificate has expired, and when', async () => {
    const root = await authority('CN=Root');
    const issuing = await authority('CN=Issuing', root, { notAfter: day('2026-06-01') });
    const { observed } = only(judged(await client(issuing), [issuing], [root]));
    expect(observed).toBe('intermediate CN=Issuing: valid until 2026-06-01T00:00:00Z');
  });

  it('is about the path with the fewest faults', async () => {
    const [good, bad] = [await authority('CN=Good'), await authority('CN=Bad', undefined, { key: 'RSA-1024' })];
    const expired = { notAfter: day('2026-06-01') };
    const one = await authority('CN=Issuing', good, expired);
    const two = await authority('CN=Issuing', bad, { keyOf: one, ...expired });
    const verdict = judged(await client(one), [two, one], [bad, good]);
    expect(failed(verdict).map(({ id }) => id)).toEqual(['path_expired']);
    expect(subjects(verdict.chain).at(-1)).toBe('CN=Good');
  });

  it('names every fault of it', async () => {
    const root = await authority('CN=Root', undefined, { notAfter: day('2026-06-01') });
    const leaf = await client(root, { extendedKeyUsage: ['serverAuth'] });
    expect(failed(judged(leaf, [], [root])).map(({ id }) => id)).toEqual(['path_expired', 'path_extended_key_usage']);
  });

  it('does not pass on names of any length', async () => {
    const root = await authority('CN=Root');
    const leaf = await client(root, { subject: `CN=${'x'.repeat(20_000)}`, notAfter: day('2026-06-01') });
    expect(only(judged(leaf, [], [root])).observed.length).toBeLessThan(400);
  });
});

// By counting, in the search itself. Exponential work would not end within the time of any test.
describe('work is bounded', () => {
  it('with hundreds of intermediates of one name, whose key identifiers say nothing', async () => {
    const root = await authority('CN=Root');
    const many = await Promise.all(
      Array.from({ length: 400 }, () => authority('CN=Issuing', root, { subjectKeyIdentifier: null })),
    );
    const leaf = await client(many.at(-1)!, { authorityKeyIdentifier: null });
    const verdict = judged(leaf, many, [root]);
    expect(verdict.valid).toBe(true);
    expect(verdict.chain).toHaveLength(3);
  });

  it('with thousands of them, where key identifiers say which', async () => {
    const root = await authority('CN=Root');
    const many = await Promise.all(Array.from({ length: 1000 }, () => authority('CN=Issuing', root)));
    const leaf = await client(many.at(-1)!);
    expect(judged(leaf, many, [root]).valid).toBe(true);
  });

  it('with so many that not all are looked at: refused, and said', async () => {
    const [root, stranger] = [await authority('CN=Root'), await authority('CN=Issuing')];
    const many = await Promise.all(Array.from({ length: 600 }, () => authority('CN=Issuing', root)));
    const leaf = await client(stranger, { authorityKeyIdentifier: null });
    const verdict = judged(leaf, many, [root]);
    expect(verdict.valid).toBe(false);
    expect(failed(verdict).map(({ id }) => id)).toContain('path_search_limit');
  });

  it('with hundreds of certificates of one name and one key, all of which certify each other', async () => {
    const [root, self] = [await authority('CN=Root'), await authority('CN=Issuing')];
    const many = await Promise.all(Array.from({ length: 800 }, () => authority('CN=Issuing', self, { keyOf: self })));
    const leaf = await client(self);
    expect(judged(leaf, many, [root]).valid).toBe(false);
    const bridge = await authority('CN=Issuing', root, { keyOf: self });
    expect(judged(leaf, [...many, bridge], [root]).valid).toBe(true);
  });

  it('where every authority has certified every other one', async () => {
    const { leaf, crossed, root } = await crossedAuthorities({});
    expect(judged(leaf, crossed, []).valid).toBe(false);
    expect(judged(leaf, crossed, [root]).valid).toBe(true);
  });

  it('where, besides, every path is bad for a reason that only a whole path shows', async () => {
    const { leaf, crossed, root } = await crossedAuthorities({ nameConstraints: { excluded: [{ dns: 'a.example' }] } });
    const verdict = judged(leaf, crossed, [root]);
    expect(failed(verdict).map(({ id }) => id)).toEqual(['path_name_constraints', 'path_search_limit']);
  });

  it('where the leaf, or nobody, has a name', async () => {
    const root = await authority('');
    const verdict = judged(await client(root, { subject: '' }), [root], [root]);
    expect(failed(verdict).map(({ id }) => id)).toEqual(['path_no_issuer']);
  });

  async function crossedAuthorities(said: Partial<MintOptions>) {
    const root = await authority('CN=Root', undefined, said);
    const names = Array.from({ length: 12 }, (_, index) => `CN=CA ${index}`);
    const selves = await Promise.all(names.map((name) => authority(name)));
    const pairs = selves.flatMap((issuer) =>
      selves.filter((self) => self !== issuer).map((self) => ({ issuer, self })),
    );
    const crossed = await Promise.all(
      pairs.map(({ issuer, self }) => authority(names[selves.indexOf(self)]!, issuer, { keyOf: self })),
    );
    const top = await authority(names[11]!, root, { keyOf: selves[11]! });
    const leaf = await client(selves[0]!, { names: [{ dns: 'a.example' }] });
    return { leaf, crossed: [...crossed, top], root };
  }
});
