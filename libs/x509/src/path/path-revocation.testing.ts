import { mintCertificate, mintCrl, type Minted, type MintOptions, type CrlOptions } from '@partner-ecosystem/test-pki';

// CRLs are judged twice as well: by judgePath in mode `require` (judge-path-revocation.spec.ts), and by
// `openssl verify -crl_check_all` (openssl-path-revocation.real.spec.ts).

export const NOW = new Date('2026-06-15T12:00:00Z');
export const day = (date: string) => new Date(`${date}T00:00:00Z`);
export const VALID = { notBefore: day('2026-01-01'), notAfter: day('2027-01-01') };
export const CURRENT = { thisUpdate: day('2026-06-15'), nextUpdate: day('2026-06-16') };
export const STALE = { thisUpdate: day('2026-06-01'), nextUpdate: day('2026-06-02') };
const NULL = Buffer.from('0500', 'hex');

export interface Tree {
  root: Minted;
  intermediate: Minted;
  leaf: Minted;
}

export async function treeWith(intermediateSaid: Partial<MintOptions>): Promise<Tree> {
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

export const list = (issuer: Minted, said: Partial<CrlOptions> = {}) => mintCrl({ issuer, ...CURRENT, ...said });
export const revoking = ({ serial }: Minted, reason?: number) => ({
  revoked: [{ serial, date: day('2026-06-10'), reason }],
});

export interface Row {
  trait: string;
  /** lists of the intermediate, beside a sound one of the root */
  lists: (tree: Tree) => Buffer[];
  tree?: () => Promise<Tree>;
  fails: string[];
  openssl?: { accepted: boolean; because: string };
}

export const PATH_REVOCATION: Row[] = [
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
    fails: [],
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
