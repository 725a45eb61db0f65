import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import {
  createAuthority,
  mintCertificate,
  policyExtensions,
  selfSigned,
  type Issued,
  type KeyKind,
  type PolicyOptions,
} from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { readElement, tag } from '../der/der-reader.js';
import { parseCertificate } from './parse-certificate.js';
import { signatureAlgorithmOf } from './signature-algorithm.js';

let authority: Awaited<ReturnType<typeof createAuthority>>;
let issued: Issued;
beforeAll(async () => {
  authority = await createAuthority({ name: 'Root', intermediate: true });
  issued = await authority.issueClient({ subject: 'CN=client,O=Partner' });
});

describe('a certificate', () => {
  it('is the same from PEM text, PEM bytes and DER', () => {
    const expected = { ...parseCertificate(issued.der), x509: expect.any(X509Certificate) };
    for (const input of [issued.certificatePem, Buffer.from(issued.certificatePem), new Uint8Array(issued.der)]) {
      expect(parseCertificate(input)).toEqual(expected);
    }
    expect(expected.pem).toBe(issued.certificatePem);
    expect(expected.der.equals(issued.der)).toBe(true);
  });

  it('is read from PEM with CRLF, without line breaks, and with text around the block', () => {
    const { thumbprint } = issued;
    const [begin, ...lines] = issued.certificatePem.trim().split('\n');
    const end = lines.pop();
    expect(parseCertificate(issued.certificatePem.replaceAll('\n', '\r\n')).thumbprint).toBe(thumbprint);
    expect(parseCertificate(`${begin}${lines.join('')}${end}`).thumbprint).toBe(thumbprint);
    expect(parseCertificate(`subject=CN = client\n${issued.certificatePem}\n`).thumbprint).toBe(thumbprint);
  });

  it('carries what node:crypto reads of it', () => {
    const certificate = parseCertificate(issued.der);
    const x509 = new X509Certificate(issued.der);
    expect(certificate).toMatchObject({
      thumbprint: issued.thumbprint,
      sha256: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
      serial: x509.serialNumber.toLowerCase(),
      notBefore: new Date(x509.validFrom),
      notAfter: new Date(x509.validTo),
      extendedKeyUsage: x509.keyUsage,
      isCa: false,
      selfIssued: false,
      subject: { text: 'CN=client,O=Partner' },
      issuer: { text: 'CN=Root Intermediate' },
      keyUsage: ['digitalSignature'],
    });
    const spki = createPublicKey(issued.privateKeyPem).export({ type: 'spki', format: 'der' });
    expect(certificate.spkiSha256).toBe(createHash('sha256').update(spki).digest('hex'));
  });

  it('shares its key hash, not its thumbprint, with another certificate of the same key', async () => {
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const one = parseCertificate((await authority.issueClient({ subject: 'CN=one', keys })).der);
    const two = parseCertificate((await authority.issueClient({ subject: 'CN=two', keys })).der);
    expect(one.spkiSha256).toBe(two.spkiSha256);
    expect(one.thumbprint).not.toBe(two.thumbprint);
    expect(one.spkiSha256).not.toBe(parseCertificate(issued.der).spkiSha256);
  });

  it.each([
    ['P-256', { type: 'ec', curve: 'P-256' }],
    ['P-384', { type: 'ec', curve: 'P-384' }],
    ['P-521', { type: 'ec', curve: 'P-521' }],
    ['secp256k1', { type: 'ec', curve: 'secp256k1' }],
    ['RSA-2048', { type: 'rsa', bits: 2048 }],
    ['RSA-1024', { type: 'rsa', bits: 1024 }],
    ['Ed25519', { type: 'ed25519' }],
  ] as Array<[KeyKind, object]>)('describes a %s key', async (key, description) => {
    expect(parseCertificate((await authority.issueClient({ subject: 'CN=client', key })).der).key).toEqual(description);
  });

  it('is read when its key is of a kind nobody knows', () => {
    // id-ecPublicKey made an OID that does not exist
    const unknown = replaced(issued.der, '06072a8648ce3d0201', '06072a8648ce3d027f');
    expect(parseCertificate(unknown).key).toEqual({ type: 'other' });
  });

  it('says when it is an authority, and when subject and issuer are one name', async () => {
    expect(parseCertificate(authority.certificatePem)).toMatchObject({ isCa: true, selfIssued: true });
    expect(parseCertificate((await authority.issueClient({ subject: 'CN=a', ca: true })).der).isCa).toBe(true);
    expect(parseCertificate((await selfSigned({ subject: 'CN=a' })).der)).toMatchObject({
      isCa: false,
      selfIssued: true,
    });
    expect(parseCertificate(authority.certificatePem).keyUsage).toEqual(['keyCertSign', 'cRLSign']);
  });

  it('has dates beyond 2049', async () => {
    const notAfter = new Date('2061-07-28T12:00:00Z');
    const { der } = await authority.issueClient({ subject: 'CN=client', notAfter });
    expect(parseCertificate(der).notAfter).toEqual(notAfter);
  });

  it('tells no extended key usage from an empty answer', async () => {
    const { der } = await authority.issueClient({ subject: 'CN=client', extendedKeyUsage: null });
    expect(parseCertificate(der).extendedKeyUsage).toBeUndefined();
  });

  it('lists critical extensions that are not understood, and no others', async () => {
    const value = Buffer.from('0500', 'hex');
    const extensions = [
      { oid: '1.3.6.1.4.1.55555.1', critical: true, value },
      { oid: '1.3.6.1.4.1.55555.2', critical: false, value },
    ];
    const { der } = await authority.issueClient({ subject: 'CN=client', extensions });
    expect(parseCertificate(der).unknownCriticalExtensions).toEqual(['1.3.6.1.4.1.55555.1']);
  });

  it.each([
    [{ ca: true }, { isCa: true, pathLength: undefined }],
    [
      { ca: true, pathLength: 0 },
      { isCa: true, pathLength: 0 },
    ],
    [
      { ca: true, pathLength: 300 },
      { isCa: true, pathLength: 300 },
    ],
    [{ ca: false }, { isCa: false, pathLength: undefined }],
    [null, { isCa: false, pathLength: undefined }],
  ])('has the basic constraints %j', async (basicConstraints, expected) => {
    const { der } = await mintCertificate({ subject: 'CN=CA', authority: true, basicConstraints });
    expect(parseCertificate(der)).toMatchObject(expected);
  });

  it('has every extension as it stands', async () => {
    const value = Buffer.from('0500', 'hex');
    const extensions = [{ oid: '1.3.6.1.4.1.55555.1', critical: true, value }];
    const { der } = await mintCertificate({ subject: 'CN=client', extensions });
    const read = parseCertificate(der).extensions;
    expect(read.get('1.3.6.1.4.1.55555.1')).toEqual({ critical: true, value });
    expect([...read.keys()].slice(0, 3)).toEqual(['2.5.29.19', '2.5.29.15', '2.5.29.37']);
    expect(parseCertificate((await mintCertificate({ subject: 'CN=old', version1: true })).der).extensions.size).toBe(
      0,
    );
  });

  it('A43: may have critical extensions about policies, which judgePath enforces', async () => {
    const said = { policies: ['1.2.3'], mappings: [['1.2.3', '1.2.4']], requireExplicitPolicy: 0, inhibitAnyPolicy: 0 };
    const extensions = policyExtensions(said as PolicyOptions);
    const { der } = await mintCertificate({ subject: 'CN=CA', authority: true, extensions });
    expect(parseCertificate(der).unknownCriticalExtensions).toEqual([]);
  });

  it('may have name constraints only as an authority, where judgePath enforces them', async () => {
    const said = { subject: 'CN=CA', nameConstraints: { permitted: [{ dns: 'a.example' }] } };
    const [ca, leaf] = [await mintCertificate({ ...said, authority: true }), await mintCertificate(said)];
    expect(parseCertificate(ca.der).unknownCriticalExtensions).toEqual([]);
    expect(parseCertificate(leaf.der).unknownCriticalExtensions).toEqual(['2.5.29.30']);
  });

  it('may have an empty subject', async () => {
    const { der } = await authority.issueClient({ subject: '', uri: ['spiffe://example.org/a'] });
    expect(parseCertificate(der).subject).toEqual({ text: '', rdns: [] });
  });
});

describe('the signature algorithm', () => {
  it('is named as RFC 5280 does', async () => {
    const sha1 = await authority.issueClient({ subject: 'CN=client', hash: 'SHA-1' });
    const rsa = await selfSigned({ subject: 'CN=client', key: 'RSA-2048' });
    const ed = await selfSigned({ subject: 'CN=client', key: 'Ed25519' });
    expect([sha1, rsa, ed].map(({ der }) => parseCertificate(der).signatureAlgorithm)).toEqual([
      { oid: '1.2.840.10045.4.1', name: 'ecdsa-with-SHA1' },
      { oid: '1.2.840.113549.1.1.11', name: 'sha256WithRSAEncryption' },
      { oid: '1.3.101.112', name: 'Ed25519' },
    ]);
  });

  // RFC 4055 3.1
  it.each([
    ['without parameters', '300b 06092a864886f70d01010a', 'rsassaPss-with-SHA1'],
    ['without a hash', '300d 06092a864886f70d01010a 3000', 'rsassaPss-with-SHA1'],
    ['with SHA-256', '301c 06092a864886f70d01010a 300f a00d 300b 0609608648016503040201', 'rsassaPss-with-SHA256'],
  ])('of RSASSA-PSS %s names its hash', (_, hex, name) => {
    const element = readElement(Buffer.from(hex.replaceAll(' ', ''), 'hex'), tag.sequence);
    expect(signatureAlgorithmOf(element)).toEqual({ oid: '1.2.840.113549.1.1.10', name });
  });
});

describe('an input that is refused as malformed', () => {
  const malformed = expect.objectContaining({ name: 'X509Error', code: 'certificate_malformed' });

  it.each([
    ['nothing', ''],
    ['no bytes', new Uint8Array()],
    ['any text', 'hello'],
    ['a block without content', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----'],
    ['a block of broken base64', '-----BEGIN CERTIFICATE-----\nMII!\n-----END CERTIFICATE-----'],
    ['a block of something else', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
    ['too much', 'a'.repeat(70_000)],
  ])('is %s', (_, input) => {
    expect(() => parseCertificate(input)).toThrow(malformed);
  });

  it('is a certificate that was cut, or followed by something', () => {
    const { certificatePem, der } = issued;
    expect(() => parseCertificate(certificatePem.slice(0, -20))).toThrow(malformed);
    expect(() => parseCertificate(certificatePem.replace('-----BEGIN', '----BEGIN'))).toThrow(malformed);
    expect(() => parseCertificate(der.subarray(0, -1))).toThrow(malformed);
    expect(() => parseCertificate(Buffer.concat([der, Buffer.from([0])]))).toThrow(malformed);
    expect(() => parseCertificate(pemOf(Buffer.concat([der, Buffer.from('0500', 'hex')])))).toThrow(malformed);
  });

  it('is a block of another kind, alone or beside the certificate', () => {
    const publicKey = createPublicKey(issued.privateKeyPem).export({ type: 'spki', format: 'pem' });
    expect(() => parseCertificate(publicKey as string)).toThrow(malformed);
    expect(() => parseCertificate(issued.certificatePem + (publicKey as string))).toThrow(malformed);
  });

  it('is one whose two signature algorithms differ', () => {
    const at = issued.der.lastIndexOf(Buffer.from('2a8648ce3d040302', 'hex'));
    const other = Buffer.from(issued.der);
    other[at + 7] = 0x03;
    expect(() => parseCertificate(other)).toThrow(malformed);
  });

  it('is one with an extension given twice, so that it is open which one counts', async () => {
    const serverAuth = Buffer.from('300a06082b06010505070301', 'hex');
    const extensions = [{ oid: '2.5.29.37', critical: false, value: serverAuth }];
    const { der } = await authority.issueClient({ subject: 'CN=client', extensions });
    expect(() => parseCertificate(der)).toThrow(malformed);
    const once = await authority.issueClient({ subject: 'CN=client', extendedKeyUsage: null, extensions });
    expect(parseCertificate(once.der).extendedKeyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  it.each([
    ['2.5.29.37', '3000'],
    ['2.5.29.37', '0500'],
    ['2.5.29.17', '3000'],
    ['2.5.29.17', '30038201'],
    ['2.5.29.19', '30060101ff0201ff'],
    ['2.5.29.19', '30090101ff020100020100'],
  ])('is one whose extension %s has the content %s', async (oid, hex) => {
    const extensions = [{ oid, critical: false, value: Buffer.from(hex, 'hex') }];
    const { der } = await mintCertificate({
      subject: 'CN=client',
      extendedKeyUsage: null,
      basicConstraints: null,
      extensions,
    });
    expect(() => parseCertificate(der)).toThrow(malformed);
  });

  it('is one with a boolean that DER does not have', () => {
    const lax = replaced(issued.der, '0603551d0f0101ff', '0603551d0f010101');
    expect(() => parseCertificate(lax)).toThrow(malformed);
  });
});

describe('several certificates', () => {
  const bundle = expect.objectContaining({ name: 'X509Error', code: 'certificate_bundle' });

  it('are refused as a bundle: chain, the same one twice, DER', () => {
    expect(() => parseCertificate(issued.chainPem)).toThrow(bundle);
    expect(() => parseCertificate(Buffer.from(issued.chainPem))).toThrow(bundle);
    expect(() => parseCertificate(issued.certificatePem.repeat(2))).toThrow(bundle);
    expect(() => parseCertificate(Buffer.concat([issued.der, issued.der]))).toThrow(bundle);
  });
});

function replaced(der: Buffer, from: string, to: string): Buffer {
  const at = der.indexOf(Buffer.from(from, 'hex'));
  if (at < 0) throw new Error('nothing to replace');
  const copy = Buffer.from(der);
  copy.set(Buffer.from(to, 'hex'), at);
  return copy;
}

function pemOf(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
}
