import { mintCertificate } from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCertificate } from '../certificate/parse-certificate.js';
import { judgePath, parseCrl, type PathVerdict, type RevocationMode } from './index.js';
import {
  CURRENT,
  day,
  list,
  NOW,
  PATH_REVOCATION,
  revoking,
  STALE,
  treeWith,
  VALID,
  type Tree,
} from './path-revocation.testing.js';

let tree: Tree;
beforeAll(async () => {
  tree = await treeWith({});
});

function ours({ root, intermediate, leaf }: Tree, lists: Buffer[] | undefined, crlMode?: RevocationMode): PathVerdict {
  const [parsedLeaf, parsedIntermediate, anchor] = [leaf, intermediate, root].map(({ der }) => parseCertificate(der));
  const crls = lists?.map((der) => parseCrl(der));
  const given = { leaf: parsedLeaf!, intermediates: [parsedIntermediate!], anchors: [anchor!] };
  return judgePath({ ...given, ...(crls && { crls }), ...(crlMode && { crlMode }), now: NOW });
}

const objections = ({ checks }: PathVerdict) =>
  Object.fromEntries(checks.filter(({ result }) => result !== 'pass').map(({ id, result }) => [id, result]));
const observed = ({ checks }: PathVerdict, wanted: string) => checks.find(({ id }) => id === wanted)!.observed;

describe('with lists required', () => {
  it.each(PATH_REVOCATION)('$trait', async ({ lists, tree: make, fails }) => {
    const judged = make === undefined ? tree : await make();
    const all = [...lists(judged), list(judged.root)];
    const verdict = ours(judged, all, 'require');
    expect(objections(verdict)).toEqual(Object.fromEntries(fails.map((id) => [id, 'fail'])));
    expect(verdict.valid).toBe(fails.length === 0);
  });

  it('an intermediate is asked about like the leaf', () => {
    const sound = list(tree.intermediate);
    const revoked = [sound, list(tree.root, revoking(tree.intermediate, 2))];
    expect(objections(ours(tree, revoked, 'require'))).toEqual({ path_revoked: 'fail' });
    expect(objections(ours(tree, [sound], 'require'))).toEqual({ path_crl_missing: 'fail' });
  });

  it('the anchor is not asked about: nobody above it is trusted to say', () => {
    const { intermediate, leaf } = tree;
    const [judged, anchor] = [leaf, intermediate].map(({ der }) => parseCertificate(der));
    const crls = [parseCrl(list(intermediate))];
    const verdict = judgePath({ leaf: judged!, intermediates: [], anchors: [anchor!], crls, now: NOW });
    expect(verdict.valid).toBe(true);
  });

  it('says who is revoked, when and why', () => {
    const lists = [list(tree.intermediate, revoking(tree.leaf, 1)), list(tree.root)];
    const text = 'leaf CN=client: revoked on 2026-06-10T00:00:00Z, keyCompromise';
    expect(observed(ours(tree, lists), 'path_revoked')).toBe(text);
  });

  it('says why a list that is there does not count', () => {
    const lists = [list(tree.intermediate, { forged: true }), list(tree.root)];
    const text = 'leaf CN=client: a list whose signature does not verify, or is weak';
    expect(observed(ours(tree, lists), 'path_crl_missing')).toBe(text);
  });
});

describe('the modes', () => {
  it.each([
    ['missing', () => [], 'path_crl_missing'],
    ['stale', (t: Tree) => [list(t.intermediate, STALE), list(t.root)], 'path_crl_stale'],
    ['forged', (t: Tree) => [list(t.intermediate, { forged: true }), list(t.root)], 'path_crl_missing'],
  ] as Array<[string, (t: Tree) => Buffer[], string]>)('a list is %s', (_, lists, id) => {
    expect(objections(ours(tree, lists(tree), 'require'))).toEqual({ [id]: 'fail' });
    expect(objections(ours(tree, lists(tree), 'soft'))).toEqual({ [id]: 'warn' });
    expect(objections(ours(tree, lists(tree), 'off'))).toEqual({});
    expect(ours(tree, lists(tree), 'require').valid).toBe(false);
    expect(ours(tree, lists(tree), 'soft').valid).toBe(true);
    expect(ours(tree, lists(tree), 'off').valid).toBe(true);
  });

  it('soft still refuses what is revoked, off does not look', () => {
    const lists = [list(tree.intermediate, { ...STALE, ...revoking(tree.leaf) })];
    expect(ours(tree, lists, 'soft').valid).toBe(false);
    expect(ours(tree, lists, 'off').valid).toBe(true);
    expect(ours(tree, lists, 'off').checks.some(({ id }) => id === 'path_revoked')).toBe(false);
  });

  it('lists that are given are required unless said otherwise, an empty set of them too', () => {
    expect(ours(tree, []).valid).toBe(false);
    expect(ours(tree, undefined).valid).toBe(true);
    expect(ours(tree, undefined, 'require').valid).toBe(false);
  });

  it('only required lists bound how long a verdict holds', () => {
    const lists = [list(tree.intermediate), list(tree.root, { nextUpdate: day('2026-07-01') })];
    expect(ours(tree, lists, 'require').validUntil).toEqual(CURRENT.nextUpdate);
    expect(ours(tree, lists, 'soft').validUntil).toEqual(VALID.notAfter);
    expect(ours(tree, undefined).validUntil).toEqual(VALID.notAfter);
  });

  it('a path around a revoked intermediate is found', async () => {
    const other = await mintCertificate({ subject: 'CN=Other Root', authority: true, ...VALID });
    const crossed = await mintCertificate({
      subject: 'CN=Issuing CA',
      issuer: other,
      authority: true,
      keyOf: tree.intermediate,
      ...VALID,
    });
    const certificates = [tree.leaf, tree.intermediate, crossed, tree.root, other].map(({ der }) =>
      parseCertificate(der),
    );
    const [leaf, first, second, root, otherRoot] = certificates;
    const crls = [list(tree.intermediate), list(tree.root, revoking(tree.intermediate)), list(other)];
    const verdict = judgePath({
      leaf: leaf!,
      intermediates: [first!, second!],
      anchors: [root!, otherRoot!],
      crls: crls.map((der) => parseCrl(der)),
      now: NOW,
    });
    expect(verdict.chain).toEqual([leaf, second, otherRoot]);
    expect(verdict.valid).toBe(true);
  });
});
