import { createPublicKey } from 'node:crypto';
import {
  createAuthority,
  mintCertificate,
  mintCrl,
  mintTwin,
  type Issued,
  type Minted,
  type MintOptions,
  type CrlOptions,
} from '@partner-ecosystem/test-pki';
import { parseCertificate } from '@partner-ecosystem/x509';
import { parseCrl, type Crl } from '@partner-ecosystem/x509/path';
import { beforeAll, describe, expect, it } from 'vitest';
import { authenticateClient } from '../authentication/authenticate-client.js';
import type { AuthenticationNeeds } from '../authentication/authentication-method.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';
import { checkOf, evidenceOf, PARTNER_ID, registeredClient, trustAnchor } from '../registered-client.fixture.spec.js';
import type { KeyOwner } from './assert-own-key.js';

const DAY = 86_400_000;
const now = new Date();
const subject = 'CN=importer,O=Acme';
const dns = 'importer.acme.example';

let root: Minted;

beforeAll(async () => {
  root = await mintCertificate({
    subject: 'CN=Client CA',
    authority: true,
    notAfter: new Date(now.getTime() + 90 * DAY),
  });
});

const identity = (changes: Partial<RegisteredClient> = {}): RegisteredClient =>
  registeredClient({
    certificatePolicy: 'identity_only',
    subjectDn: subject,
    trustAnchors: [trustAnchor(root)],
    ...changes,
  });
const byDns = (changes: Partial<RegisteredClient> = {}) => identity({ subjectDn: null, sanDns: dns, ...changes });
const mint = (options: Partial<MintOptions> = {}) => mintCertificate({ subject, issuer: root, ...options });

let lists = new Map<string, Crl>();
let asked: string[] = [];

const owned = (owner?: KeyOwner): AuthenticationNeeds => ({
  issuer: 'https://issuer.test',
  keysOf: () => Promise.reject(new Error('no keys are needed here')),
  ownerOf: async () => owner,
  listsOf: async (sha256s) => (asked.push(...sha256s), lists),
  useOnce: () => Promise.reject(new Error('nothing is written here')),
});

interface Circumstances {
  owner?: KeyOwner;
  at?: Date;
  /** what the connection sends beside the leaf */
  along?: readonly Pick<Issued, 'der'>[];
}

function authenticate(
  client: RegisteredClient,
  presented: Issued,
  { owner, at = now, along = [] }: Circumstances = {},
) {
  const sent = along.map(({ der }) => der);
  return authenticateClient(client, { evidence: evidenceOf(presented, sent) }, at, owned(owner));
}

const check = async (client: RegisteredClient, presented: Issued, given: Circumstances = {}) =>
  checkOf(() => authenticate(client, presented, given));

describe('A12: the hostile list, each beside a twin that differs in one trait', () => {
  it('the same DN under another authority of the same name', async () => {
    const other = await mintCertificate({ subject: 'CN=Client CA', authority: true });
    expect(await check(identity(), await mint())).toBe('accepted');
    expect(await check(identity(), await mint({ issuer: other }))).toBe('path_no_issuer');
    const claimsRootsKey = { issuer: other, authorityKeyIdentifier: root.keyIdentifier };
    expect(await check(identity(), await mint(claimsRootsKey))).toBe('path_signature');
  });

  it.each<[string, string, string]>([
    ['re-ordered RDNs', 'O=Acme,CN=importer', 'cn=IMPORTER,o=acme'],
    ['an extra OU', 'CN=importer,OU=it,O=Acme', 'CN=importer,O=Acme'],
    ['a second CN', 'CN=importer,CN=evil,O=Acme', 'CN=importer,O=Acme'],
    ['the value as a second CN', 'CN=evil,CN=importer,O=Acme', 'CN=importer,O=Acme'],
    ['a multi-valued RDN of the same attributes', 'CN=importer+O=Acme', 'CN=importer,O=Acme'],
    ['one more value in an RDN', 'CN=importer+UID=evil,O=Acme', 'CN=importer,O=Acme'],
    ['an RDN less', 'CN=importer', 'CN=importer,O=Acme'],
    ['a separator within a value', 'CN=importer\\,O=Acme', 'CN=importer,O=Acme'],
    ['a NUL within a value', 'CN=importer\\00evil,O=Acme', 'CN=importer,O=Acme'],
    ['a letter of another alphabet', 'CN=imp\u043Erter,O=Acme', 'CN=importer,O=Acme'],
    ['no subject at all', '', 'CN=importer,O=Acme'],
  ])('%s', async (_, bad, good) => {
    expect(await check(identity(), await mint({ subject: bad }))).toBe('subject_dn_mismatch');
    expect(await check(identity(), await mint({ subject: good }))).toBe('accepted');
  });

  it('a multi-valued RDN is a set: its order makes no difference, a value less does', async () => {
    const client = identity({ subjectDn: 'CN=importer+UID=42,O=Acme' });
    expect(await check(client, await mint({ subject: 'UID=42+CN=importer,O=Acme' }))).toBe('accepted');
    expect(await check(client, await mint({ subject: 'CN=importer,O=Acme' }))).toBe('subject_dn_mismatch');
  });

  it.each<[string, string]>([
    ['a NUL behind it', `${dns}\0.evil.example`],
    ['a NUL before it', `evil.example\0${dns}`],
    ['a look-alike in punycode', 'xn--imprter-1fg.acme.example'],
    ['a look-alike of ASCII letters', 'lmporter.acme.example'],
    ['a wildcard that would match', '*.acme.example'],
    ['a suffix', `${dns}.evil.example`],
    ['a prefix', `evil.${dns}`],
    ['a trailing dot', `${dns}.`],
  ])('a DNS name with %s', async (_, name) => {
    expect(await check(byDns(), await mint({ names: [{ dns: name }] }))).toBe('san_dns_mismatch');
    expect(await check(byDns(), await mint({ names: [{ dns: dns.toUpperCase() }] }))).toBe('accepted');
  });

  it('a look-alike beyond ASCII in a DNS name, which no such name may hold', async () => {
    const name = 'imp\u00f6rter.acme.example';
    expect(await check(byDns(), await mint({ names: [{ dns: name }] }))).toBe('certificate_malformed');
  });

  it.each<[string, Partial<MintOptions>, string, Partial<MintOptions>]>([
    ['a CA:TRUE leaf', { basicConstraints: { ca: true } }, 'ca_certificate', { basicConstraints: { ca: false } }],
    ['RSA of 1024 bits', { key: 'RSA-1024' }, 'weak_key', { key: 'RSA-2048' }],
    ['a curve nobody chose', { key: 'secp256k1' }, 'weak_key', { key: 'P-256' }],
    ['SHA-1', { scheme: 'SHA-1' }, 'weak_signature', { scheme: 'SHA-256' }],
    [
      'a purpose of servers',
      { extendedKeyUsage: ['serverAuth'] },
      'extended_key_usage',
      { extendedKeyUsage: ['clientAuth'] },
    ],
    ['a key for agreement only', { keyUsage: ['keyAgreement'] }, 'key_usage', { keyUsage: ['digitalSignature'] }],
    [
      'an unknown critical extension',
      { extensions: [{ oid: '1.3.6.1.4.1.55555.9', critical: true, value: Buffer.from([5, 0]) }] },
      'unknown_critical_extension',
      { extensions: [{ oid: '1.3.6.1.4.1.55555.9', critical: false, value: Buffer.from([5, 0]) }] },
    ],
    ['a forged signature', { forged: true }, 'path_signature', { forged: false }],
    [
      'a past date',
      { notBefore: new Date(now.getTime() - 2 * DAY), notAfter: new Date(now.getTime() - DAY) },
      'certificate_expired',
      { notBefore: new Date(now.getTime() - 2 * DAY), notAfter: new Date(now.getTime() + DAY) },
    ],
    [
      'a date to come',
      { notBefore: new Date(now.getTime() + DAY), notAfter: new Date(now.getTime() + 2 * DAY) },
      'certificate_not_yet_valid',
      { notBefore: new Date(now.getTime() - DAY), notAfter: new Date(now.getTime() + 2 * DAY) },
    ],
  ])('%s', async (_, bad, expected, good) => {
    expect(await check(identity(), await mint(bad))).toBe(expected);
    expect(await check(identity(), await mint(good))).toBe('accepted');
  });

  it('an authority that signs with SHA-1, below the anchor', async () => {
    const [weak, strong] = await Promise.all(
      (['SHA-1', 'SHA-256'] as const).map((scheme) =>
        mintCertificate({ subject: `CN=Issuing CA ${scheme}`, authority: true, issuer: root, scheme }),
      ),
    );
    const client = identity({ intermediates: [weak!, strong!].map(({ der }) => der.toString('base64')) });
    expect(await check(client, await mint({ issuer: weak! }))).toBe('path_weak_signature');
    expect(await check(client, await mint({ issuer: strong! }))).toBe('accepted');
  });
});

describe('A12: the five kinds of subject value', () => {
  it.each<[string, Partial<RegisteredClient>, Partial<MintOptions>, Partial<MintOptions>, string]>([
    ['DN', {}, {}, { subject: 'CN=exporter,O=Acme' }, 'subject_dn_mismatch'],
    [
      'SAN DNS, ASCII case-folded',
      { subjectDn: null, sanDns: dns },
      { names: [{ dns: 'other.example' }, { dns: 'Importer.ACME.example' }] },
      { subject: `CN=${dns}`, names: [{ uri: dns }, { email: dns }] },
      'san_dns_mismatch',
    ],
    [
      'SAN URI, by octets',
      { subjectDn: null, sanUri: 'spiffe://acme.example/importer' },
      { names: [{ uri: 'spiffe://acme.example/importer' }] },
      { names: [{ uri: 'spiffe://ACME.example/importer' }, { uri: 'spiffe://acme.example/importer/' }] },
      'san_uri_mismatch',
    ],
    [
      'SAN IP, by bytes',
      { subjectDn: null, sanIp: '2001:DB8:0:0:0:0:0:1' },
      { names: [{ ip: '2001:db8::1' }] },
      { names: [{ ip: '2001:db8::2' }, { dns: '2001:db8::1' }] },
      'san_ip_mismatch',
    ],
    [
      'SAN IP, IPv4 is not what maps it',
      { subjectDn: null, sanIp: '192.0.2.1' },
      { names: [{ ip: '192.0.2.1' }] },
      { names: [{ ip: '::ffff:c000:201' }] },
      'san_ip_mismatch',
    ],
    [
      'SAN e-mail, its domain case-folded',
      { subjectDn: null, sanEmail: 'Ops@acme.example' },
      { names: [{ email: 'Ops@ACME.example' }] },
      { names: [{ email: 'ops@acme.example' }] },
      'san_email_mismatch',
    ],
  ])('%s', async (_, registered, good, bad, expected) => {
    expect(await check(identity(registered), await mint(good))).toBe('accepted');
    expect(await check(identity(registered), await mint(bad))).toBe(expected);
  });

  it('none registered, or several, refuse', async () => {
    const presented = await mint({ names: [{ dns }] });
    expect(await check(identity({ subjectDn: null }), presented)).toBe('subject_not_registered');
    expect(await check(identity({ sanDns: dns }), presented)).toBe('subject_ambiguous');
  });
});

describe('A14: anchors are chosen per client and pinned by key', () => {
  it('without anchors, or with one whose key is not the pinned one, nothing passes', async () => {
    const presented = await mint();
    expect(await check(identity({ trustAnchors: [] }), presented)).toBe('trust_anchors_missing');
    const unpinned = [trustAnchor(root, { spki_sha256: '0'.repeat(64) })];
    expect(await check(identity({ trustAnchors: unpinned }), presented)).toBe('trust_anchors_missing');
  });

  it("another client's anchor does not help", async () => {
    const other = await mintCertificate({ subject: 'CN=Other CA', authority: true });
    expect(await check(identity({ trustAnchors: [trustAnchor(other)] }), await mint())).toBe('path_no_issuer');
    expect(await check(identity({ trustAnchors: [trustAnchor(other), trustAnchor(root)] }), await mint())).toBe(
      'accepted',
    );
  });

  it('a renewed certificate of the pinned key is the anchor still', async () => {
    const renewed = await mintCertificate({ subject: 'CN=Client CA', authority: true, keyOf: root });
    expect(await check(identity({ trustAnchors: [trustAnchor(renewed)] }), await mint())).toBe('accepted');
  });

  it('a self-signed leaf is not its own anchor', async () => {
    expect(await check(identity(), await mint({ issuer: undefined }))).toBe('path_untrusted_root');
  });

  it('A44: an intermediate may be registered, or come with the connection', async () => {
    const issuing = await mintCertificate({ subject: 'CN=Issuing CA', authority: true, issuer: root });
    const presented = await mint({ issuer: issuing });
    expect(await check(identity(), presented)).toBe('path_no_issuer');
    expect(await check(identity({ intermediates: [issuing.der.toString('base64')] }), presented)).toBe('accepted');
    expect(await check(identity(), presented, { along: [issuing] })).toBe('accepted');
  });

  it('A44: so a partner whose authority has a new issuing CA is served, in whatever order its certificates come', async () => {
    const upper = await mintCertificate({ subject: 'CN=Policy CA', authority: true, issuer: root });
    const issuing = await mintCertificate({ subject: 'CN=Issuing CA 2', authority: true, issuer: upper });
    const stranger = await mintCertificate({ subject: 'CN=Stranger', authority: true });
    const presented = await mint({ issuer: issuing });
    expect(await check(identity(), presented, { along: [issuing, upper] })).toBe('accepted');
    expect(
      await check(identity(), presented, { along: [stranger, upper, { der: Buffer.from('x') }, issuing, root] }),
    ).toBe('accepted');
    expect(await check(identity(), presented, { along: [issuing] })).toBe('path_no_issuer');
  });

  it('A44: what a connection sends is judged like what is registered, and is never an anchor', async () => {
    const under = async (said: Partial<MintOptions>, leaf: Partial<MintOptions> = {}) => {
      const issuing = await mintCertificate({ subject: 'CN=Issuing CA', authority: true, issuer: root, ...said });
      return check(identity(), await mint({ issuer: issuing, ...leaf }), { along: [issuing, root] });
    };
    expect(await under({})).toBe('accepted');
    expect(await under({ notAfter: new Date(now.getTime() - DAY) })).toBe('path_expired');
    expect(await under({ basicConstraints: { ca: false } })).toBe('path_issuer_not_ca');
    expect(await under({ extendedKeyUsage: ['serverAuth'] })).toBe('path_extended_key_usage');
    expect(await under({ nameConstraints: { excluded: [{ dn: 'O=Acme' }] } })).toBe('path_name_constraints');
    expect(await under({}, { subject: 'CN=other,O=Acme' })).toBe('subject_dn_mismatch');
    expect(await under({ issuer: undefined })).toMatch(/^path_(no_issuer|untrusted_root)$/);
    const namesake = await mintCertificate({ subject: 'CN=Client CA', authority: true });
    expect(await under({ issuer: namesake })).not.toBe('accepted');
    const own = await mintCertificate({ subject: 'CN=Own', authority: true });
    expect(await check(identity(), await mint({ issuer: own }), { along: [own] })).not.toBe('accepted');
  });

  it('A44: revocation is as strict: with "require" a new issuing CA needs its list, and a revoked one is out', async () => {
    const issuing = await mintCertificate({ subject: 'CN=Issuing CA', authority: true, issuer: root });
    const presented = await mint({ issuer: issuing });
    const requiring = identity({ trustAnchors: [trustAnchor(root, { crl_mode: 'require' })] });
    expect(await check(requiring, presented, { along: [issuing] })).toBe('path_crl_missing');
    const list = parseCrl(mintCrl({ issuer: root, revoked: [{ serial: issuing.serial }] }));
    lists = new Map([[list.sha256, list]]);
    const soft = identity({ trustAnchors: [trustAnchor(root, { crl_mode: 'soft', crls: [list.sha256] })] });
    expect(await check(soft, presented, { along: [issuing] })).toBe('path_revoked');
  });

  it('A44: the refusal tells the operator what came along and how much of it was usable', async () => {
    const upper = await mintCertificate({ subject: 'CN=Policy CA', authority: true, issuer: root });
    const stranger = await mintCertificate({ subject: 'CN=Stranger', authority: true });
    const presented = await mint({
      issuer: await mintCertificate({ subject: 'CN=X', authority: true, issuer: upper }),
    });
    const refused = authenticate(identity(), presented, { along: [stranger, upper] });
    await expect(refused).rejects.toThrow(/path_no_issuer: .*; the client sent 2 intermediates, 1 of them usable$/);
  });

  it.each([
    ['off', 'accepted'],
    ['soft', 'accepted'],
    ['require', 'path_crl_missing'],
    ['a mode of tomorrow', 'path_crl_missing'],
  ])('an anchor whose CRLs are "%s", when there are none: %s', async (crl_mode, expected) => {
    expect(await check(identity({ trustAnchors: [trustAnchor(root, { crl_mode })] }), await mint())).toBe(expected);
  });
});

describe('A14: the lists of an anchor decide as its mode says', () => {
  /** Under an anchor with one list. */
  const listed = (crl_mode: string, options: Partial<CrlOptions> = {}) => {
    const list = parseCrl(mintCrl({ issuer: root, ...options }));
    lists = new Map([[list.sha256, list]]);
    asked = [];
    return identity({ trustAnchors: [trustAnchor(root, { crl_mode, crls: [list.sha256] })] });
  };
  const past = { thisUpdate: new Date(now.getTime() - 3 * DAY), nextUpdate: new Date(now.getTime() - DAY) };
  const naming = ({ serial }: Minted, reason?: number) => [{ serial, ...(reason === undefined ? {} : { reason }) }];

  it.each([
    ['require', 'path_crl_stale'],
    ['soft', 'accepted'],
    ['off', 'accepted'],
  ])('%s: a list in force lets in, one that is out of date: %s', async (mode, stale) => {
    const presented = await mint();
    expect(await check(listed(mode), presented)).toBe('accepted');
    expect(await check(listed(mode, past), presented)).toBe(stale);
  });

  it.each([
    ['require', 'path_revoked'],
    ['soft', 'path_revoked'],
    ['off', 'accepted'],
  ])('%s: whom a list names, out of date or on hold too: %s', async (mode, expected) => {
    const presented = await mint();
    const other = await mint();
    expect(await check(listed(mode, { revoked: naming(presented) }), presented)).toBe(expected);
    expect(await check(listed(mode, { revoked: naming(presented, 6) }), presented)).toBe(expected);
    expect(await check(listed(mode, { revoked: naming(presented), ...past, number: 2 }), presented)).toBe(expected);
    expect(await check(listed(mode, { revoked: naming(other) }), presented)).toBe('accepted');
    expect(await check(listed(mode, { revoked: naming(presented, 8) }), presented)).toBe('accepted');
  });

  it('require: until the next list is due, and no longer', async () => {
    const nextUpdate = new Date(Math.floor(now.getTime() / 1000) * 1000 + 3_600_000);
    const client = listed('require', { nextUpdate });
    const presented = await mint();
    expect((await authenticate(client, presented)).certificateUsableUntil).toEqual(nextUpdate);
    expect(await check(client, presented, { at: new Date(nextUpdate.getTime() + 1_000) })).toBe('path_crl_stale');
  });

  it('a list of another key counts for nothing', async () => {
    const namesake = await mintCertificate({ subject: 'CN=Client CA', authority: true });
    const presented = await mint();
    expect(await check(listed('require', { issuer: namesake }), presented)).toBe('path_crl_missing');
    expect(await check(listed('soft', { issuer: namesake, revoked: naming(presented) }), presented)).toBe('accepted');
  });

  it('lists are asked for when a certificate is judged first, and never where the mode is off', async () => {
    const presented = await mint();
    const client = listed('soft');
    await check(client, presented);
    await check(client, presented);
    expect(asked).toEqual([...lists.keys()]);
    await check(listed('off'), presented);
    expect(asked).toEqual([]);
  });

  it('without its lists nobody is judged', async () => {
    const client = identity({ trustAnchors: [trustAnchor(root, { crls: ['a'.repeat(64)] })] });
    const away = { ...owned(), listsOf: () => Promise.reject(new Error('away')) };
    const judged = authenticateClient(client, { evidence: evidenceOf(await mint()) }, now, away);
    await expect(judged).rejects.toThrow('away');
  });
});

describe('revoked, compromised, of another partner', () => {
  it('a revoked certificate; another one of its key only if that is compromised', async () => {
    const presented = await mint();
    const renewed = await mint({ keyOf: presented });
    const client = identity({ revokedCertificates: [{ thumbprint: presented.thumbprint }] });
    const owner = { partnerId: PARTNER_ID, compromised: false };
    expect(await check(client, presented, { owner })).toBe('certificate_revoked');
    expect(await check(client, renewed, { owner })).toBe('accepted');
    expect(await check(client, renewed, { owner: { ...owner, compromised: true } })).toBe('public_key_compromised');
  });

  it.each<[string, KeyOwner | undefined, string]>([
    ['nobody', undefined, 'accepted'],
    ['the same partner', { partnerId: PARTNER_ID, compromised: false }, 'accepted'],
    ['another partner', { partnerId: `ptn_${'0'.repeat(32)}`, compromised: false }, 'public_key_of_another_partner'],
    ['the same partner, compromised', { partnerId: PARTNER_ID, compromised: true }, 'public_key_compromised'],
  ])('the key is registered for %s: %s', async (_, owner, expected) => {
    expect(await check(identity(), await mint(), { owner })).toBe(expected);
  });

  it('a verdict that was remembered saves none of them', async () => {
    const presented = await mint();
    const client = identity();
    expect(await check(client, presented)).toBe('accepted');
    const owner = { partnerId: PARTNER_ID, compromised: true };
    expect(await check(client, presented, { owner })).toBe('public_key_compromised');
  });
});

describe('A14, A27: until when', () => {
  it('the path ends, be it before the certificate', async () => {
    const anchorEnds = new Date(now.getTime() + 10 * DAY);
    const short = await mintCertificate({ subject: 'CN=Short CA', authority: true, notAfter: anchorEnds });
    const client = identity({ trustAnchors: [trustAnchor(short)] });
    const presented = await mint({ issuer: short });
    const { notAfter } = parseCertificate(short.der);
    expect((await authenticate(client, presented)).certificateUsableUntil).toEqual(notAfter);
    expect((await authenticate(identity(), await mint())).certificateUsableUntil.getTime()).toBeLessThan(
      now.getTime() + 31 * DAY,
    );
  });

  it('the verdict is kept, and judged anew once the path has ended or the registration changed', async () => {
    const short = await mintCertificate({
      subject: 'CN=Short CA',
      authority: true,
      notAfter: new Date(now.getTime() + 10 * DAY),
    });
    const client = identity({ trustAnchors: [trustAnchor(short)] });
    const presented = await mint({ issuer: short });
    expect(await check(client, presented)).toBe('accepted');
    expect(await check(client, presented, { at: new Date(now.getTime() + 9 * DAY) })).toBe('accepted');
    expect(await check(client, presented, { at: new Date(now.getTime() + 11 * DAY) })).toBe('path_expired');
    expect(await check({ ...client, trustAnchors: [trustAnchor(root)] }, presented)).toBe('path_no_issuer');
  });

  it('the registry retires it', async () => {
    const presented = await mint();
    const retireAt = new Date(now.getTime() + DAY);
    const registered = {
      thumbprint: presented.thumbprint,
      not_before: '',
      not_after: '',
      retire_at: retireAt.toISOString(),
      path_valid_until: null,
      spki_sha256: '',
    };
    const client = identity({ certificates: [registered] });
    expect((await authenticate(client, presented)).certificateUsableUntil).toEqual(retireAt);
    expect(await check(client, presented, { at: retireAt })).toBe('certificate_retired');
  });
});

describe('identity_only is for tls_client_auth alone', () => {
  it.each(['self_signed_tls_client_auth', 'private_key_jwt'])('%s is refused', async (authenticationMethod) => {
    const client = identity({ authenticationMethod });
    const assertion = authenticationMethod === 'private_key_jwt' ? { type: 'x', value: 'y' } : undefined;
    const presented = { evidence: evidenceOf(await mint()), assertion };
    expect(await checkOf(() => authenticateClient(client, presented, now, owned()))).toBe('policy_not_supported');
  });
});

describe('A12: an authority with an intermediate, as partners have', () => {
  it('vouches for its leaves', async () => {
    const authority = await createAuthority({ name: 'Acme', intermediate: true });
    const [, intermediatePem] = authority.bundlePem.split(/(?<=-----END CERTIFICATE-----\n)/);
    const intermediates = [parseCertificate(intermediatePem!).der.toString('base64')];
    const client = identity({ trustAnchors: [trustAnchor(authority)], intermediates });
    expect(await check(client, await authority.issueClient({ subject }))).toBe('accepted');
  });
});

describe('A37: what is denied', () => {
  it('a revoked certificate under another signature, and no other one of its key', async () => {
    const original = await mint();
    const { thumbprint, tbsSha256: tbs_sha256 } = parseCertificate(original.der);
    const revoked = identity({ revokedCertificates: [{ thumbprint, tbs_sha256 }] });
    for (const presented of [original, mintTwin(original)]) {
      expect(await check(identity(), presented)).toBe('accepted');
      expect(await check(revoked, presented)).toBe('certificate_revoked');
    }
    expect(await check(revoked, await mint({ keyOf: original }))).toBe('accepted');
  });

  it('a key that is compromised or of another partner, however the certificate encodes it', async () => {
    const original = await mint();
    const { x, y } = createPublicKey(original.certificatePem).export({ format: 'jwk' });
    const sign = Buffer.from(y!, 'base64url').at(-1)! & 1 ? '03' : '02';
    const head = '3039301306072a8648ce3d020106082a8648ce3d030107032200';
    const spki = Buffer.concat([Buffer.from(head + sign, 'hex'), Buffer.from(x!, 'base64url')]);
    const compressed = await mint({ keyOf: { ...original, spki } });
    const { keySha256 } = parseCertificate(original.der);
    const asked: string[] = [];
    const needs = {
      ...owned(),
      ownerOf: async (key: string) => (asked.push(key), { partnerId: PARTNER_ID, compromised: key === keySha256 }),
    };
    const attempt = () => authenticateClient(identity(), { evidence: evidenceOf(compressed) }, now, needs);
    expect(await checkOf(attempt)).toBe('public_key_compromised');
    expect(asked).toEqual([keySha256]);
  });
});
