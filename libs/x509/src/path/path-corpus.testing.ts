import { mintCertificate, type Minted, type MintOptions } from '@partner-ecosystem/test-pki';

// Pairs of chains that differ in one trait. Every chain is minted when it is judged, and judged twice: by judgePath in
// judge-path-corpus.spec.ts, and by the openssl command in openssl-path-corpus.real.spec.ts.

export const NOW = new Date('2026-06-15T12:00:00Z');
const day = (date: string) => new Date(`${date}T00:00:00Z`);
const seconds = (count: number) => new Date(NOW.getTime() + count * 1000);
const VALID = { notBefore: day('2026-01-01'), notAfter: day('2027-01-01') };
const PAST = { notBefore: day('2025-01-01'), notAfter: day('2026-06-01') };
const FUTURE = { notBefore: day('2026-07-01'), notAfter: day('2027-07-01') };
const NULL = Buffer.from('0500', 'hex');

export interface Chain {
  leaf: Minted;
  intermediates: Minted[];
  anchors: Minted[];
}
type Said = Partial<MintOptions>;
/** what differs from a sound chain of root, intermediate and leaf */
interface Differences {
  root?: Said;
  intermediate?: Said;
  /** a second intermediate, below the first one */
  lower?: Said;
  leaf?: Said;
}
type Making = Differences | (() => Promise<Chain>);

export interface Pair {
  trait: string;
  good: Making;
  bad: Making;
  /** exactly these checks of the bad one fail */
  fails: string[];
  /** where openssl says something else than we do, and why we do not follow it */
  openssl?: { good?: 'refused'; bad?: 'accepted'; because: string };
}

const root = (said: Said = {}) => mintCertificate({ subject: 'CN=Root,O=Partner', authority: true, ...VALID, ...said });
const below = (issuer: Minted, said: Said = {}) =>
  mintCertificate({ subject: 'CN=Issuing CA,O=Partner', issuer, authority: true, ...VALID, ...said });
const leafOf = (issuer: Minted, said: Said = {}) =>
  mintCertificate({ subject: 'CN=client,O=Partner', issuer, ...VALID, ...said });

export async function chainOf(making: Making): Promise<Chain> {
  if (typeof making === 'function') return making();
  const top = await root(making.root);
  const upper = await below(top, making.intermediate);
  const lower = making.lower && (await below(upper, { subject: 'CN=Lower CA,O=Partner', ...making.lower }));
  const leaf = await leafOf(lower ?? upper, making.leaf);
  return { leaf, intermediates: lower ? [upper, lower] : [upper], anchors: [top] };
}

/** What the chains of a group of pairs are about -> the pairs. */
export const PATH_CORPUS = new Map<string, Pair[]>();

function chains(about: string, add: () => void): void {
  PATH_CORPUS.set(about, []);
  add();
}
function pairs(more: Pair[]): void {
  [...PATH_CORPUS.values()].at(-1)!.push(...more);
}

chains('dates of every certificate count', () => {
  pairs([
    { trait: 'the leaf has expired', good: {}, bad: { leaf: PAST }, fails: ['path_expired'] },
    { trait: 'the leaf is not valid yet', good: {}, bad: { leaf: FUTURE }, fails: ['path_not_yet_valid'] },
    { trait: 'an intermediate has expired', good: {}, bad: { intermediate: PAST }, fails: ['path_expired'] },
    {
      trait: 'an intermediate is not valid yet',
      good: {},
      bad: { intermediate: FUTURE },
      fails: ['path_not_yet_valid'],
    },
    { trait: 'the anchor has expired', good: {}, bad: { root: PAST }, fails: ['path_expired'] },
    { trait: 'the anchor is not valid yet', good: {}, bad: { root: FUTURE }, fails: ['path_not_yet_valid'] },
    {
      trait: 'a second decides at the end',
      good: { leaf: { notAfter: seconds(1) } },
      bad: { leaf: { notAfter: seconds(-1) } },
      fails: ['path_expired'],
    },
    {
      trait: 'a second decides at the beginning',
      good: { intermediate: { notBefore: seconds(0) } },
      bad: { intermediate: { notBefore: seconds(1) } },
      fails: ['path_not_yet_valid'],
    },
    {
      trait: 'years after 2049 are read as such',
      good: { root: { notAfter: day('2060-01-01') } },
      bad: { root: { notBefore: day('1960-01-01'), notAfter: day('1961-01-01') } },
      fails: ['path_expired'],
    },
  ]);
});

chains('only an authority issues', () => {
  pairs([
    {
      trait: 'an intermediate is CA:FALSE',
      good: {},
      bad: { intermediate: { basicConstraints: { ca: false } } },
      fails: ['path_issuer_not_ca'],
    },
    {
      trait: 'the anchor is CA:FALSE',
      good: {},
      bad: { root: { basicConstraints: { ca: false } } },
      fails: ['path_issuer_not_ca'],
    },
    {
      trait: 'an intermediate has no basic constraints and no key usage',
      good: { intermediate: { keyUsage: null } },
      bad: { intermediate: { keyUsage: null, basicConstraints: null } },
      fails: ['path_issuer_not_ca'],
    },
    {
      trait: 'an intermediate has no basic constraints but the key usage of an authority',
      good: {},
      bad: { intermediate: { basicConstraints: null } },
      fails: ['path_issuer_not_ca'],
    },
    {
      trait: 'the anchor has no basic constraints',
      good: {},
      bad: { root: { basicConstraints: null } },
      fails: ['path_issuer_not_ca'],
      openssl: { bad: 'accepted', because: 'it takes keyCertSign for CA:TRUE; RFC 5280 6.1.4 (k) wants CA:TRUE' },
    },
    {
      trait: 'the anchor is a version 1 certificate',
      good: {},
      bad: { root: { version1: true } },
      fails: ['path_issuer_not_ca'],
      openssl: { bad: 'accepted', because: 'it lets old roots pass; nobody has to register one as an anchor' },
    },
    {
      trait: 'an intermediate is a version 1 certificate',
      good: {},
      bad: { intermediate: { version1: true } },
      fails: ['path_issuer_not_ca'],
    },
    {
      trait: 'a partner issues with its own leaf',
      good: { lower: {} },
      bad: { lower: { authority: false } },
      fails: ['path_issuer_not_ca', 'path_key_usage'],
    },
    {
      trait: 'the leaf is CA:TRUE',
      good: { leaf: { keyUsage: ['digitalSignature', 'keyCertSign'] } },
      bad: { leaf: { keyUsage: ['digitalSignature', 'keyCertSign'], basicConstraints: { ca: true } } },
      fails: ['path_leaf_is_ca'],
      openssl: { bad: 'accepted', because: 'an authority that is a client too could make itself any number of leaves' },
    },
    {
      trait: 'an intermediate may sign lists only',
      good: {},
      bad: { intermediate: { keyUsage: ['cRLSign'] } },
      fails: ['path_key_usage'],
    },
    {
      trait: 'the anchor may sign data only',
      good: {},
      bad: { root: { keyUsage: ['digitalSignature'] } },
      fails: ['path_key_usage'],
    },
    {
      trait: 'an intermediate has a key usage without any',
      good: { intermediate: { keyUsage: null } },
      bad: { intermediate: { keyUsage: [] } },
      fails: ['path_key_usage'],
    },
  ]);
});

chains('path lengths hold', () => {
  pairs([
    {
      trait: 'the root allows none and has one',
      good: { root: { basicConstraints: { ca: true, pathLength: 1 } } },
      bad: { root: { basicConstraints: { ca: true, pathLength: 0 } } },
      fails: ['path_length'],
    },
    {
      trait: 'an intermediate allows none and has one',
      good: { intermediate: { basicConstraints: { ca: true, pathLength: 1 } }, lower: {} },
      bad: { intermediate: { basicConstraints: { ca: true, pathLength: 0 } }, lower: {} },
      fails: ['path_length'],
    },
    {
      trait: 'the root allows one and has two',
      good: { root: { basicConstraints: { ca: true, pathLength: 2 } }, lower: {} },
      bad: { root: { basicConstraints: { ca: true, pathLength: 1 } }, lower: {} },
      fails: ['path_length'],
    },
    {
      trait: 'an intermediate that renews its own key is not counted, another name is',
      good: {
        intermediate: { basicConstraints: { ca: true, pathLength: 0 } },
        lower: { subject: 'CN=Issuing CA,O=Partner' },
      },
      bad: {
        intermediate: { basicConstraints: { ca: true, pathLength: 0 } },
        lower: { subject: 'CN=Issuing CB,O=Partner' },
      },
      fails: ['path_length'],
    },
    {
      trait: 'an intermediate that is the anchor has its length too',
      good: () => anchoredAtIntermediate({ ca: true, pathLength: 1 }),
      bad: () => anchoredAtIntermediate({ ca: true, pathLength: 0 }),
      fails: ['path_length'],
    },
    {
      trait: 'more certificates than any real path has',
      good: () => longChain(8),
      bad: () => longChain(9),
      fails: ['path_length'],
      openssl: { bad: 'accepted', because: 'its limit is 100; ours bounds the work' },
    },
  ]);

  async function anchoredAtIntermediate(basicConstraints: { ca: boolean; pathLength: number }): Promise<Chain> {
    const anchor = await below(await root(), { basicConstraints });
    const lower = await below(anchor, { subject: 'CN=Lower CA,O=Partner' });
    return { leaf: await leafOf(lower), intermediates: [lower], anchors: [anchor] };
  }

  async function longChain(length: number): Promise<Chain> {
    const anchor = await root();
    const intermediates: Minted[] = [];
    for (let count = 0; count < length; count++) {
      intermediates.push(await below(intermediates.at(-1) ?? anchor, { subject: `CN=CA ${count}` }));
    }
    return { leaf: await leafOf(intermediates.at(-1)!), intermediates, anchors: [anchor] };
  }
});

chains('purposes are those of a client', () => {
  const fails = ['path_extended_key_usage'];
  pairs([
    {
      trait: 'the leaf is for servers',
      good: { leaf: { extendedKeyUsage: ['serverAuth', 'clientAuth'] } },
      bad: { leaf: { extendedKeyUsage: ['serverAuth'] } },
      fails,
    },
    {
      trait: 'the leaf is for any purpose',
      good: { leaf: { extendedKeyUsage: null } },
      bad: { leaf: { extendedKeyUsage: ['2.5.29.37.0'] } },
      fails,
    },
    {
      trait: 'the leaf is for signing code',
      good: { leaf: { extendedKeyUsage: ['1.3.6.1.5.5.7.3.3', 'clientAuth'] } },
      bad: { leaf: { extendedKeyUsage: ['1.3.6.1.5.5.7.3.3'] } },
      fails,
    },
    {
      trait: 'an intermediate is for servers',
      good: { intermediate: { extendedKeyUsage: ['serverAuth', 'clientAuth'] } },
      bad: { intermediate: { extendedKeyUsage: ['serverAuth'] } },
      fails,
    },
    {
      trait: 'an intermediate is for any purpose',
      good: { intermediate: { extendedKeyUsage: ['2.5.29.37.0', 'clientAuth'] } },
      bad: { intermediate: { extendedKeyUsage: ['2.5.29.37.0'] } },
      fails,
    },
    {
      trait: 'the anchor is for servers',
      good: { root: { extendedKeyUsage: ['clientAuth'] } },
      bad: { root: { extendedKeyUsage: ['serverAuth'] } },
      fails,
    },
    {
      trait: 'the key of the leaf may encipher only',
      good: { leaf: { keyUsage: ['digitalSignature', 'keyEncipherment'] } },
      bad: { leaf: { keyUsage: ['keyEncipherment'] } },
      fails: ['path_key_usage'],
    },
    {
      trait: 'the key of the leaf may agree on keys only',
      good: { leaf: { keyUsage: null } },
      bad: { leaf: { keyUsage: ['keyAgreement'] } },
      fails: ['path_key_usage'],
      openssl: { bad: 'accepted', because: 'static Diffie-Hellman, which TLS 1.3 no longer has' },
    },
  ]);
});

chains('a critical extension that is not understood refuses', () => {
  const extension = (critical: boolean, oid = '1.3.6.1.4.1.55555.1', value = NULL) => ({
    extensions: [{ oid, critical, value }],
  });
  const fails = ['path_unknown_critical_extension'];
  pairs([
    { trait: 'in the leaf', good: { leaf: extension(false) }, bad: { leaf: extension(true) }, fails },
    {
      trait: 'in an intermediate',
      good: { intermediate: extension(false) },
      bad: { intermediate: extension(true) },
      fails,
    },
    { trait: 'in the anchor', good: { root: extension(false) }, bad: { root: extension(true) }, fails },
    {
      trait: 'name constraints in a leaf',
      good: { leaf: { nameConstraints: { permitted: [{ dns: 'a.example' }], critical: false } } },
      bad: { leaf: { nameConstraints: { permitted: [{ dns: 'a.example' }], critical: true } } },
      fails,
      openssl: { bad: 'accepted', because: 'RFC 5280 4.2.1.10: in the certificate of an authority only' },
    },
  ]);
});

chains('names are within the constraints of every authority above', () => {
  type Constraints = NonNullable<MintOptions['nameConstraints']>;
  type Names = NonNullable<MintOptions['names']>;
  const under = (nameConstraints: Constraints, names: Names, said: Said = {}): Differences => ({
    intermediate: { nameConstraints },
    leaf: { names, ...said },
  });
  const pair = (trait: string, constraints: Constraints, good: Names, bad: Names, said?: Said): Pair => ({
    trait,
    good: under(constraints, good, said),
    bad: under(constraints, bad, said),
    fails: ['path_name_constraints'],
  });
  const subjects = (trait: string, constraints: Constraints, good: string, bad: string): Pair => ({
    ...pair(trait, constraints, [], []),
    good: under(constraints, [], { subject: good }),
    bad: under(constraints, [], { subject: bad }),
  });
  pairs([
    pair('DNS, permitted', { permitted: [{ dns: 'a.example' }] }, [{ dns: 'x.A.example' }], [{ dns: 'x.b.example' }]),
    pair(
      'DNS, ends in the same letters',
      { permitted: [{ dns: 'a.example' }] },
      [{ dns: 'a.example' }],
      [{ dns: 'xa.example' }],
    ),
    pair('DNS, excluded', { excluded: [{ dns: 'a.example' }] }, [{ dns: 'b.example' }], [{ dns: 'x.a.example' }]),
    pair(
      'DNS, everything excluded',
      { excluded: [{ dns: '' }] },
      [{ uri: 'https://a.example' }],
      [{ dns: 'a.example' }],
    ),
    pair(
      'DNS, one of two names',
      { permitted: [{ dns: 'a.example' }] },
      [{ dns: 'a.example' }],
      [{ dns: 'a.example' }, { dns: 'b.example' }],
    ),
    pair(
      'DNS, permitted and excluded below',
      { permitted: [{ dns: 'a.example' }], excluded: [{ dns: 'x.a.example' }] },
      [{ dns: 'y.a.example' }],
      [{ dns: 'y.x.a.example' }],
    ),
    pair(
      'DNS, below a leading dot',
      { permitted: [{ dns: '.a.example' }] },
      [{ dns: 'x.a.example' }],
      [{ dns: 'a.example' }],
    ),
    pair(
      'e-mail, a host',
      { permitted: [{ email: 'a.example' }] },
      [{ email: 'me@A.example' }],
      [{ email: 'me@x.a.example' }],
    ),
    pair(
      'e-mail, hosts below',
      { permitted: [{ email: '.a.example' }] },
      [{ email: 'me@x.a.example' }],
      [{ email: 'me@b.example' }],
    ),
    pair(
      'e-mail, a mailbox, whose case counts',
      { permitted: [{ email: 'me@a.example' }] },
      [{ email: 'me@a.example' }],
      [{ email: 'Me@a.example' }],
    ),
    pair(
      'e-mail, excluded',
      { excluded: [{ email: 'a.example' }] },
      [{ email: 'me@b.example' }],
      [{ email: 'me@a.example' }],
    ),
    pair(
      'URI, a host',
      { permitted: [{ uri: 'a.example' }] },
      [{ uri: 'https://a.example:8443/x' }],
      [{ uri: 'https://b.example/a.example' }],
    ),
    pair(
      'URI, hosts below',
      { permitted: [{ uri: '.a.example' }] },
      [{ uri: 'spiffe://x.a.example/y' }],
      [{ uri: 'spiffe://a.example/y' }],
    ),
    pair(
      'URI, excluded',
      { excluded: [{ uri: 'a.example' }] },
      [{ uri: 'https://b.example' }],
      [{ uri: 'https://A.example' }],
    ),
    pair(
      'URI, without a host',
      { excluded: [{ uri: 'a.example' }] },
      [{ uri: 'https://b.example' }],
      [{ uri: 'urn:x:y' }],
    ),
    {
      ...pair(
        'URI, the host behind a user',
        { permitted: [{ uri: 'a.example' }] },
        [{ uri: 'https://a.example' }],
        [{ uri: 'https://a.example:443@b.example/' }],
      ),
      openssl: { bad: 'accepted', because: 'it takes what stands before the first colon for the host' },
    },
    pair(
      'IPv4, permitted',
      { permitted: [{ ip: '192.0.2.0/255.255.255.0' }] },
      [{ ip: '192.0.2.7' }],
      [{ ip: '192.0.3.7' }],
    ),
    pair(
      'IPv4, excluded',
      { excluded: [{ ip: '192.0.2.0/255.255.255.0' }] },
      [{ ip: '192.0.3.7' }],
      [{ ip: '192.0.2.7' }],
    ),
    pair(
      'IPv6, permitted',
      { permitted: [{ ip: '2001:db8::/ffff:ffff::' }] },
      [{ ip: '2001:db8::1' }],
      [{ ip: '2001:db9::1' }],
    ),
    pair(
      'IPv6, where only IPv4 is permitted',
      { permitted: [{ ip: '192.0.2.0/255.255.255.0' }] },
      [{ ip: '192.0.2.7' }],
      [{ ip: '2001:db8::1' }],
    ),
    subjects(
      'directory, permitted',
      { permitted: [{ dn: 'O=Partner,C=DE' }] },
      'CN=x,O=partner,C=DE',
      'CN=x,O=Other,C=DE',
    ),
    subjects(
      'directory, the same RDNs elsewhere',
      { permitted: [{ dn: 'O=Partner,C=DE' }] },
      'CN=x,O=Partner,C=DE',
      'O=Partner,C=DE,CN=x',
    ),
    subjects(
      'directory, excluded',
      { excluded: [{ dn: 'O=Partner,C=DE' }] },
      'CN=x,O=Partner,C=FR',
      'CN=x,O=Partner,C=DE',
    ),
    subjects(
      'directory, shorter than the constraint',
      { permitted: [{ dn: 'O=Partner,C=DE' }] },
      'O=Partner,C=DE',
      'C=DE',
    ),
    pair(
      'directory, as an alternative name',
      { permitted: [{ dn: 'O=Partner' }] },
      [{ dn: 'CN=y,O=Partner' }],
      [{ dn: 'CN=y,O=Other' }],
    ),
    subjects(
      'e-mail address in the subject',
      { permitted: [{ email: 'a.example' }] },
      'CN=x,emailAddress=me@a.example',
      'CN=x,emailAddress=me@b.example',
    ),
    subjects(
      'common name that reads like a host',
      { permitted: [{ dns: 'a.example' }] },
      'CN=x.a.example',
      'CN=x.b.example',
    ),
    pair(
      'not critical, and still in force',
      { permitted: [{ dns: 'a.example' }], critical: false },
      [{ dns: 'a.example' }],
      [{ dns: 'b.example' }],
    ),
    {
      trait: 'of the anchor',
      good: {
        root: { nameConstraints: { permitted: [{ dns: 'a.example' }] } },
        leaf: { names: [{ dns: 'a.example' }] },
      },
      bad: {
        root: { nameConstraints: { permitted: [{ dns: 'a.example' }] } },
        leaf: { names: [{ dns: 'b.example' }] },
      },
      fails: ['path_name_constraints'],
    },
    {
      trait: 'of two authorities, both',
      good: {
        root: { nameConstraints: { permitted: [{ dns: 'a.example' }] } },
        intermediate: { nameConstraints: { permitted: [{ dns: 'x.a.example' }, { dns: 'b.example' }] } },
        leaf: { names: [{ dns: 'x.a.example' }] },
      },
      bad: {
        root: { nameConstraints: { permitted: [{ dns: 'a.example' }] } },
        intermediate: { nameConstraints: { permitted: [{ dns: 'x.a.example' }, { dns: 'b.example' }] } },
        leaf: { names: [{ dns: 'b.example' }] },
      },
      fails: ['path_name_constraints'],
    },
    {
      trait: 'of an intermediate itself',
      good: { root: { nameConstraints: { permitted: [{ dn: 'O=Partner' }] } } },
      bad: {
        root: { nameConstraints: { permitted: [{ dn: 'O=Partner' }] } },
        intermediate: { subject: 'CN=Issuing CA,O=Other' },
      },
      fails: ['path_name_constraints'],
    },
    {
      trait: 'of an intermediate that renews its own key: exempt',
      good: {
        intermediate: { nameConstraints: { excluded: [{ dn: 'CN=Issuing CA,O=Partner' }] } },
        lower: { subject: 'CN=Issuing CA,O=Partner' },
      },
      bad: {
        intermediate: { nameConstraints: { excluded: [{ dn: 'CN=Issuing CB,O=Partner' }] } },
        lower: { subject: 'CN=Issuing CB,O=Partner' },
      },
      fails: ['path_name_constraints'],
    },
    {
      trait: 'with bounds, which RFC 5280 does not have',
      good: under({ permitted: [{ dns: 'a.example' }] }, [{ dns: 'a.example' }]),
      bad: under({ permitted: [{ dns: 'a.example' }], maximum: 3 }, [{ dns: 'a.example' }]),
      fails: ['path_name_constraints'],
    },
    {
      trait: 'on a form of name that is not read here, present',
      good: under({ excluded: [{ dns: 'a.example' }] }, [{ other: 'x' }]),
      bad: under({ excluded: [{ other: 'y' }] }, [{ other: 'x' }]),
      fails: ['path_name_constraints'],
    },
    {
      trait: 'on a form of name that is not read here, absent',
      good: under({ excluded: [{ id: '1.3.6.1.4.1.55555.3' }] }, [{ other: 'x' }]),
      bad: under({ excluded: [{ id: '1.3.6.1.4.1.55555.3' }] }, [{ id: '1.3.6.1.4.1.55555.3' }]),
      fails: ['path_name_constraints'],
    },
    {
      trait: 'on a form of name that is not read here, permitted',
      good: under({ permitted: [{ other: 'x' }] }, [{ id: '1.3.6.1.4.1.55555.3' }]),
      bad: under({ permitted: [{ other: 'x' }] }, [{ other: 'x' }]),
      fails: ['path_name_constraints'],
    },
    {
      trait: 'on a form of name that is not read here, in an intermediate',
      good: { intermediate: { nameConstraints: { excluded: [{ other: 'x' }] } }, lower: {} },
      bad: { intermediate: { nameConstraints: { excluded: [{ other: 'x' }] } }, lower: { names: [{ other: 'y' }] } },
      fails: ['path_name_constraints'],
    },
  ]);
});

chains('keys and signatures are strong', () => {
  pairs([
    {
      trait: 'RSA of 1024 bits in the leaf',
      good: { leaf: { key: 'RSA-2048' } },
      bad: { leaf: { key: 'RSA-1024' } },
      fails: ['path_weak_key'],
    },
    {
      trait: 'RSA of 1024 bits in an intermediate',
      good: { intermediate: { key: 'RSA-2048' } },
      bad: { intermediate: { key: 'RSA-1024' } },
      fails: ['path_weak_key'],
    },
    {
      trait: 'RSA of 1024 bits in the anchor',
      good: { root: { key: 'RSA-2048' } },
      bad: { root: { key: 'RSA-1024' } },
      fails: ['path_weak_key'],
    },
    {
      trait: 'a curve of no standard for TLS',
      good: { leaf: { key: 'P-521' } },
      bad: { leaf: { key: 'secp256k1' } },
      fails: ['path_weak_key'],
      openssl: { bad: 'accepted', because: 'it counts bits; TLS 1.3 has no name for this curve' },
    },
    {
      trait: 'SHA-1 under the leaf, ECDSA',
      good: { leaf: { scheme: 'SHA-384' } },
      bad: { leaf: { scheme: 'SHA-1' } },
      fails: ['path_weak_signature'],
    },
    {
      trait: 'SHA-1 under the leaf, RSA',
      good: { intermediate: { key: 'RSA-2048' } },
      bad: { intermediate: { key: 'RSA-2048' }, leaf: { scheme: 'SHA-1' } },
      fails: ['path_weak_signature'],
    },
    {
      trait: 'SHA-1 under an intermediate',
      good: { intermediate: { scheme: 'SHA-512' } },
      bad: { intermediate: { scheme: 'SHA-1' } },
      fails: ['path_weak_signature'],
    },
    {
      trait: 'MD5 under the leaf',
      good: { intermediate: { key: 'RSA-2048' }, leaf: { scheme: 'PSS' } },
      bad: { intermediate: { key: 'RSA-2048' }, leaf: { scheme: 'MD5' } },
      fails: ['path_weak_signature'],
    },
    {
      trait: 'MD5 under an intermediate',
      good: { root: { key: 'RSA-2048' } },
      bad: { root: { key: 'RSA-2048' }, intermediate: { scheme: 'MD5' } },
      fails: ['path_weak_signature'],
    },
    {
      trait: 'SHA-1 under the anchor does not matter, under what it signed it does',
      good: { root: { scheme: 'SHA-1' } },
      bad: { root: { scheme: 'SHA-1' }, intermediate: { scheme: 'SHA-1' } },
      fails: ['path_weak_signature'],
    },
    {
      trait: 'SHA-224 under the leaf',
      good: { leaf: { scheme: 'SHA-256' } },
      bad: { leaf: { scheme: 'SHA-224' } },
      fails: ['path_weak_signature'],
      openssl: {
        bad: 'accepted',
        because: 'it has 112 bits, which is enough for level 2; our list is shorter, as for a leaf',
      },
    },
    {
      trait: 'Ed25519, and forged',
      good: { intermediate: { key: 'Ed25519' } },
      bad: { intermediate: { key: 'Ed25519' }, leaf: { forged: true } },
      fails: ['path_signature'],
    },
  ]);
});

chains('every link is a name and a signature', () => {
  const like = ({ keyIdentifier }: Minted) => ({ subjectKeyIdentifier: keyIdentifier });
  pairs([
    { trait: 'the leaf is forged', good: {}, bad: { leaf: { forged: true } }, fails: ['path_signature'] },
    {
      trait: 'an intermediate is forged',
      good: {},
      bad: { intermediate: { forged: true } },
      fails: ['path_signature'],
    },
    {
      trait: 'the anchor is forged, which does not matter; what it signed is, which does',
      good: { root: { forged: true } },
      bad: { root: { forged: true }, intermediate: { forged: true } },
      fails: ['path_signature'],
    },
    {
      trait: 'an impostor has the name of the anchor',
      good: impostor(false),
      bad: impostor(true),
      fails: ['path_no_issuer'],
    },
    {
      trait: 'an impostor has the name and the key identifier of the anchor',
      good: impostor(false, like),
      bad: impostor(true, like),
      fails: ['path_signature'],
    },
    {
      trait: 'an impostor comes with its own root',
      good: impostor(false, undefined, true),
      bad: impostor(true, undefined, true),
      fails: ['path_untrusted_root'],
    },
    {
      trait: 'the name of the issuer is another one, the key is the right one',
      good: { leaf: { issuerName: 'CN=Issuing CA,O=Partner' } },
      bad: { leaf: { issuerName: 'CN=Issuing CB,O=Partner' } },
      fails: ['path_no_issuer'],
    },
    {
      trait: 'names are compared without case and length of spaces, not without a word',
      good: { leaf: { issuerName: 'CN=ISSUING  ca,O= partner' } },
      bad: { leaf: { issuerName: 'CN=ISSUING,O=partner' } },
      fails: ['path_no_issuer'],
    },
    {
      trait: 'names are compared whatever their string type',
      good: { leaf: { issuerName: 'CN=#130a49737375696e67204341,O=#1307506172746e6572' } },
      bad: { leaf: { issuerName: 'CN=#130a49737375696e67204342,O=#1307506172746e6572' } },
      fails: ['path_no_issuer'],
    },
    {
      trait: 'names are compared without case beyond ASCII too',
      good: { intermediate: { subject: 'CN=Überweisung' }, leaf: { issuerName: 'CN=überweisung' } },
      bad: { intermediate: { subject: 'CN=Überweisung' }, leaf: { issuerName: 'CN=uberweisung' } },
      fails: ['path_no_issuer'],
      openssl: { good: 'refused', because: 'it folds ASCII only; X.501 has no such limit' },
    },
    {
      trait: 'key identifiers are a hint',
      good: { leaf: { authorityKeyIdentifier: Buffer.from('another key') } },
      bad: { leaf: { authorityKeyIdentifier: Buffer.from('another key'), forged: true } },
      fails: ['path_no_issuer'],
      openssl: { good: 'refused', because: 'RFC 5280 6.1 does not ask for them to fit; the signature is what counts' },
    },
    {
      trait: 'key identifiers may be absent',
      good: { intermediate: { subjectKeyIdentifier: null }, leaf: { authorityKeyIdentifier: null } },
      bad: { intermediate: { subjectKeyIdentifier: null }, leaf: { authorityKeyIdentifier: null, forged: true } },
      fails: ['path_signature'],
    },
  ]);

  function impostor(wrong: boolean, said: (real: Minted) => Said = () => ({}), withRoot = false): () => Promise<Chain> {
    return async () => {
      const real = await root();
      const top = wrong ? await root(said(real)) : real;
      const intermediate = await below(top);
      const intermediates = withRoot ? [intermediate, top] : [intermediate];
      return { leaf: await leafOf(intermediate), intermediates, anchors: [real] };
    };
  }
});

chains('a path ends at an anchor and nowhere else', () => {
  pairs([
    { trait: 'the intermediate is missing', good: {}, bad: without('intermediates'), fails: ['path_no_issuer'] },
    { trait: 'there is no anchor', good: {}, bad: without('anchors'), fails: ['path_no_issuer'] },
    {
      trait: 'the root is given, but not as an anchor',
      good: {},
      bad: rootAmongIntermediates,
      fails: ['path_untrusted_root'],
    },
    { trait: 'the leaf is signed with its own key', good: {}, bad: selfSigned(false), fails: ['path_untrusted_root'] },
    {
      trait: 'the leaf is an anchor',
      good: {},
      bad: selfSigned(true),
      fails: ['path_untrusted_root'],
      openssl: {
        bad: 'accepted',
        because: 'an anchor is an authority; self-signed clients are registered by their key',
      },
    },
    {
      trait: 'the anchor is an intermediate, whatever became of its root',
      good: () => anchoredAt(1, { root: PAST }),
      bad: () => anchoredAt(0, { root: PAST }),
      fails: ['path_expired'],
    },
    {
      trait: 'the anchor is another intermediate of the same root',
      good: () => anchoredAt(1, {}),
      bad: async () => {
        const { leaf, intermediates, anchors } = await chainOf({});
        return { leaf, intermediates, anchors: [await below(anchors[0]!, { subject: 'CN=Issuing CB' })] };
      },
      fails: ['path_no_issuer'],
    },
    {
      trait: 'an expired intermediate has a successor for the same key',
      good: () => successor(VALID),
      bad: () => successor(PAST),
      fails: ['path_expired'],
    },
    {
      trait: 'authorities certify each other in a circle',
      good: () => circle(true),
      bad: () => circle(false),
      fails: ['path_untrusted_root'],
    },
    {
      trait: 'one of two crossed paths is too long for its anchor',
      good: () => crossed({ ca: true }),
      bad: () => crossed({ ca: true, pathLength: 0 }),
      fails: ['path_length'],
      openssl: { good: 'refused', because: 'it follows one path and does not turn back' },
    },
  ]);

  function without(what: 'intermediates' | 'anchors'): () => Promise<Chain> {
    // openssl wants a file of anchors, so that "none" is a stranger
    return async () => ({
      ...(await chainOf({})),
      [what]: what === 'anchors' ? [await root({ subject: 'CN=Stranger' })] : [],
    });
  }

  async function rootAmongIntermediates(): Promise<Chain> {
    const { leaf, intermediates, anchors } = await chainOf({});
    return { leaf, intermediates: [...intermediates, ...anchors], anchors: [await root({ subject: 'CN=Stranger' })] };
  }

  function selfSigned(isAnchor: boolean): () => Promise<Chain> {
    return async () => {
      const leaf = await mintCertificate({ subject: 'CN=client', ...VALID });
      return { leaf, intermediates: [], anchors: [isAnchor ? leaf : await root()] };
    };
  }

  async function anchoredAt(index: number, differences: Differences): Promise<Chain> {
    const { leaf, intermediates, anchors } = await chainOf(differences);
    return { leaf, intermediates: index === 1 ? [] : intermediates, anchors: [[...anchors, ...intermediates][index]!] };
  }

  async function successor(dates: Said): Promise<Chain> {
    const anchor = await root();
    const old = await below(anchor, PAST);
    const next = await below(anchor, { keyOf: old, ...dates });
    return { leaf: await leafOf(old), intermediates: [old, next], anchors: [anchor] };
  }

  async function circle(withAnchor: boolean): Promise<Chain> {
    const [anchor, self] = [await root(), await root({ subject: 'CN=A' })];
    const b = await below(self, { subject: 'CN=B' });
    const a = await below(b, { subject: 'CN=A', keyOf: self });
    const exit = await below(anchor, { subject: 'CN=B', keyOf: b });
    return { leaf: await leafOf(a), intermediates: withAnchor ? [a, exit, b] : [a, b], anchors: [anchor] };
  }

  async function crossed(basicConstraints: { ca: boolean; pathLength?: number }): Promise<Chain> {
    const narrow = await root({ subject: 'CN=Narrow', basicConstraints: { ca: true, pathLength: 0 } });
    const wide = await root({ subject: 'CN=Wide', basicConstraints });
    const toNarrow = await below(narrow, { subject: 'CN=Shared' });
    const toWide = await below(wide, { subject: 'CN=Shared', keyOf: toNarrow, notAfter: day('2026-12-01') });
    const issuing = await below(toNarrow);
    return { leaf: await leafOf(issuing), intermediates: [issuing, toNarrow, toWide], anchors: [narrow, wide] };
  }
});
