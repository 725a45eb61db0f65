import {
  mintCertificate,
  mintRevocationList,
  opensslVerify,
  type Minted,
  type MintOptions,
  type RevocationListOptions,
} from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCertificate } from '../certificate/parse-certificate.js';
import { judgePath, parseRevocationList, type PathVerdict, type RevocationMode } from './index.js';

// Lists are judged twice as well: by judgePath in mode `require`, and by `openssl verify -crl_check_all`.

const NOW = new Date('2026-06-15T12:00:00Z');
const day = (date: string) => new Date(`${date}T00:00:00Z`);
const VALID = { notBefore: day('2026-01-01'), notAfter: day('2027-01-01') };
const CURRENT = { thisUpdate: day('2026-06-15'), nextUpdate: day('2026-06-16') };
const STALE = { thisUpdate: day('2026-06-01'), nextUpdate: day('2026-06-02') };
const NULL = Buffer.from('0500', 'hex');

interface Tree {
  root: Minted;
  intermediate: Minted;
  leaf: Minted;
}
let tree: Tree;
beforeAll(async () => {
  tree = await treeWith({});
});

async function treeWith(intermediateSaid: Partial<MintOptions>): Promise<Tree> {
  const root = await mintCertificate({ subject: 'CN=Root', authority: true, ...VALID });
  const intermediate = await mintCertificate({
    subject: 'CN=Issuing CA',
    issuer: root,
    authority: true,
    ...VALID,
    ...intermediateSaid,
  });
  const leaf = await mintCertificate({ subject: 'CN=client', issuer: intermediate, ...VALID });
  return { root, intermediate, leaf };
}

const list = (issuer: Minted, said: Partial<RevocationListOptions> = {}) =>
  mintRevocationList({ issuer, ...CURRENT, ...said });
const revoking = ({ serial }: Minted, reason?: number) => ({ revoked: [{ serial, date: day('2026-06-10'), reason }] });

function ours({ root, intermediate, leaf }: Tree, lists: Buffer[] | undefined, crlMode?: RevocationMode): PathVerdict {
  const [parsedLeaf, parsedIntermediate, anchor] = [leaf, intermediate, root].map(({ der }) => parseCertificate(der));
  const crls = lists?.map((der) => parseRevocationList(der));
  const given = { leaf: parsedLeaf!, intermediates: [parsedIntermediate!], anchors: [anchor!] };
  return judgePath({ ...given, ...(crls && { crls }), ...(crlMode && { crlMode }), now: NOW });
}

const openssls = ({ root, intermediate, leaf }: Tree, revocationLists: Buffer[]) =>
  opensslVerify({
    leaf: leaf.der,
    intermediates: [intermediate.der],
    anchors: [root.der],
    now: NOW,
    revocationLists,
    revocation: 'all',
  });

const objections = ({ checks }: PathVerdict) =>
  Object.fromEntries(checks.filter(({ result }) => result !== 'pass').map(({ id, result }) => [id, result]));
const observed = ({ checks }: PathVerdict, wanted: string) => checks.find(({ id }) => id === wanted)!.observed;

interface Row {
  trait: string;
  /** lists of the intermediate, beside a sound one of the root */
  lists: (tree: Tree) => Buffer[];
  tree?: () => Promise<Tree>;
  fails: string[];
  openssl?: { accepted: boolean; because: string };
}

const rows: Row[] = [
  { trait: 'nothing is revoked', lists: (t) => [list(t.intermediate)], fails: [] },
  { trait: 'another serial number is revoked', lists: (t) => [list(t.intermediate, revoking(t.root))], fails: [] },
  { trait: 'the leaf is revoked', lists: (t) => [list(t.intermediate, revoking(t.leaf))], fails: ['path_revoked'] },
  {
    trait: 'the leaf is revoked for a reason, among others',
    lists: (t) => [list(t.intermediate, { revoked: [...revoking(t.root).revoked, ...revoking(t.leaf, 1).revoked] })],
    fails: ['path_revoked'],
  },
  { trait: 'the leaf is on hold', lists: (t) => [list(t.intermediate, revoking(t.leaf, 6))], fails: ['path_revoked'] },
  {
    trait: 'the list of another issuer has the serial number of the leaf',
    lists: (t) => [list(t.intermediate), list(t.root, revoking(t.leaf))],
    fails: [],
  },
  {
    trait: 'a newer list revokes',
    lists: (t) => [
      list(t.intermediate, { thisUpdate: day('2026-06-14') }),
      list(t.intermediate, { ...revoking(t.leaf), number: 2 }),
    ],
    fails: ['path_revoked'],
  },
  {
    trait: 'a newer list revokes no longer',
    lists: (t) => [
      list(t.intermediate, { thisUpdate: day('2026-06-14'), ...revoking(t.leaf, 6) }),
      list(t.intermediate, { number: 2 }),
    ],
    fails: [],
  },
  { trait: 'the list is stale', lists: (t) => [list(t.intermediate, STALE)], fails: ['path_crl_stale'] },
  {
    trait: 'the list is stale, and revokes',
    lists: (t) => [list(t.intermediate, { ...STALE, ...revoking(t.leaf) })],
    fails: ['path_revoked'],
  },
  {
    trait: 'a stale list is beside a current one',
    lists: (t) => [list(t.intermediate, STALE), list(t.intermediate, { number: 2 })],
    fails: [],
  },
  {
    trait: 'the list is of tomorrow',
    lists: (t) => [list(t.intermediate, { thisUpdate: day('2026-06-16'), nextUpdate: day('2026-06-17') })],
    fails: ['path_crl_stale'],
  },
  {
    trait: 'the list does not say when the next one comes',
    lists: (t) => [list(t.intermediate, { nextUpdate: null })],
    fails: ['path_crl_stale'],
    openssl: { accepted: true, because: 'RFC 5280 5.1.2.5 requires the date; without it a list is never stale' },
  },
  { trait: 'there is no list', lists: () => [], fails: ['path_crl_missing'] },
  { trait: 'the list is forged', lists: (t) => [list(t.intermediate, { forged: true })], fails: ['path_crl_missing'] },
  {
    trait: 'the list is forged and clears, a true one revokes',
    lists: (t) => [
      list(t.intermediate, { thisUpdate: day('2026-06-14'), ...revoking(t.leaf) }),
      list(t.intermediate, { forged: true, number: 2 }),
    ],
    fails: ['path_revoked'],
  },
  {
    trait: 'the list has the name of the issuer and the key of another',
    lists: (t) => [list(t.root, { issuerName: 'CN=Issuing CA' })],
    fails: ['path_crl_missing'],
  },
  {
    trait: 'the list has the key of the issuer and another name',
    lists: (t) => [list(t.intermediate, { issuerName: 'CN=Other' })],
    fails: ['path_crl_missing'],
  },
  {
    trait: 'the issuer may not sign lists',
    tree: () => treeWith({ keyUsage: ['keyCertSign'] }),
    lists: (t) => [list(t.intermediate)],
    fails: ['path_crl_missing'],
  },
  {
    trait: 'the issuer has no key usage',
    tree: () => treeWith({ keyUsage: null }),
    lists: (t) => [list(t.intermediate)],
    fails: [],
  },
  {
    trait: 'the list is signed with SHA-1',
    lists: (t) => [list(t.intermediate, { scheme: 'SHA-1' })],
    fails: ['path_crl_missing'],
    openssl: { accepted: true, because: 'its levels are about certificates; a list can be forged just as well' },
  },
  {
    trait: 'the list is signed with RSA',
    tree: () => treeWith({ key: 'RSA-2048' }),
    lists: (t) => [list(t.intermediate)],
    fails: [],
  },
  {
    trait: 'the list is signed with RSASSA-PSS',
    tree: () => treeWith({ key: 'RSA-2048' }),
    lists: (t) => [list(t.intermediate, { scheme: 'PSS' })],
    fails: [],
  },
  {
    trait: 'the list is signed with Ed25519',
    tree: () => treeWith({ key: 'Ed25519' }),
    lists: (t) => [list(t.intermediate)],
    fails: [],
  },
  {
    trait: 'the list is signed with Ed25519, and forged',
    tree: () => treeWith({ key: 'Ed25519' }),
    lists: (t) => [list(t.intermediate, { forged: true })],
    fails: ['path_crl_missing'],
  },
  {
    trait: 'the list has an extension nobody knows',
    lists: (t) => [
      list(t.intermediate, { extensions: [{ oid: '1.3.6.1.4.1.55555.1', critical: false, value: NULL }] }),
    ],
    fails: [],
  },
  {
    trait: 'the list has a critical extension nobody knows',
    lists: (t) => [list(t.intermediate, { extensions: [{ oid: '1.3.6.1.4.1.55555.1', critical: true, value: NULL }] })],
    fails: ['path_crl_missing'],
  },
  {
    trait: 'the list is about certificates of users only',
    lists: (t) => [
      list(t.intermediate, {
        extensions: [{ oid: '2.5.29.28', critical: true, value: Buffer.from('30038101ff', 'hex') }],
      }),
    ],
    fails: ['path_crl_missing'],
    openssl: { accepted: true, because: 'it reads parts of lists; here a part is not taken for the whole' },
  },
  {
    trait: 'the list is a delta',
    lists: (t) => [
      list(t.intermediate, { extensions: [{ oid: '2.5.29.27', critical: true, value: Buffer.from('020101', 'hex') }] }),
    ],
    fails: ['path_crl_missing'],
    openssl: { accepted: true, because: 'it takes what has changed for the whole; that is not said to be complete' },
  },
  {
    trait: 'an entry has a critical extension nobody knows',
    lists: (t) => [
      list(t.intermediate, {
        revoked: [{ serial: t.root.serial, extensions: [{ oid: '1.3.6.1.4.1.55555.1', critical: true, value: NULL }] }],
      }),
    ],
    fails: ['path_crl_missing'],
  },
];

describe('with lists required', () => {
  it.each(rows)('$trait', async ({ lists, tree: make, fails, openssl }) => {
    const judged = make === undefined ? tree : await make();
    const all = [...lists(judged), list(judged.root)];
    const verdict = ours(judged, all, 'require');
    expect(objections(verdict)).toEqual(Object.fromEntries(fails.map((id) => [id, 'fail'])));
    expect(verdict.valid).toBe(fails.length === 0);
    const accepted = openssl?.accepted ?? fails.length === 0;
    expect(await openssls(judged, all)).toMatchObject({ accepted });
  });

  it('an intermediate is asked about like the leaf', async () => {
    const sound = list(tree.intermediate);
    const revoked = [sound, list(tree.root, revoking(tree.intermediate, 2))];
    expect(objections(ours(tree, revoked, 'require'))).toEqual({ path_revoked: 'fail' });
    expect(objections(ours(tree, [sound], 'require'))).toEqual({ path_crl_missing: 'fail' });
    expect(await openssls(tree, revoked)).toMatchObject({ accepted: false });
    expect(await openssls(tree, [sound])).toMatchObject({ accepted: false });
  });

  it('the anchor is not asked about: nobody above it is trusted to say', () => {
    const { intermediate, leaf } = tree;
    const [judged, anchor] = [leaf, intermediate].map(({ der }) => parseCertificate(der));
    const crls = [parseRevocationList(list(intermediate))];
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
      crls: crls.map((der) => parseRevocationList(der)),
      now: NOW,
    });
    expect(verdict.chain).toEqual([leaf, second, otherRoot]);
    expect(verdict.valid).toBe(true);
  });
});
