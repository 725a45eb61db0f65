import { createHash, generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto';
import { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import { parseCertificate, type SubjectAlternativeName } from '@partner-ecosystem/x509';
import { judgePath } from '@partner-ecosystem/x509/path';
import * as x509 from '@peculiar/x509';
import { beforeAll, describe, expect, it } from 'vitest';
import { judgeCertificate, NO_EXPECTATIONS } from '../judgement/judge-certificate.js';
import { createAuthorityKey } from './authority-key.js';
import { createTestRoot } from './authority.testing.js';
import type { CertificateOrder } from '../records/certificate-issuer.js';
import { intermediateExtensions } from './certificate-profile.js';
import { authorityName, type Root } from './creation/root.js';
import { randomSerial } from './encoding/random-serial.js';
import { issueCertificate } from './issue-certificate.js';
import { signedCertificate, type Signer } from './signed-certificate.js';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-03-01T12:00:00Z');
const AT = { list: 'http://ca.example/one.crl', certificate: 'http://ca.example/one.crt' };
const CLIENT = `urn:partner-ecosystem:client:cli_${'a'.repeat(32)}`;

let root: Root;
let authority: Signer;
beforeAll(async () => {
  root = await createTestRoot(new Date('2026-01-01T00:00:00Z'));
  authority = await intermediate(new Date('2026-02-01T00:00:00Z'), new Date('2029-02-01T00:00:00Z'));
});

async function intermediate(notBefore: Date, notAfter: Date): Promise<Signer> {
  const sha256 = (der: Buffer) => createHash('sha256').update(der).digest('hex');
  const key = await createAuthorityKey(new KeyEncryptionKey(randomBytes(32)), sha256);
  const content = {
    serial: randomSerial(),
    subject: authorityName('Spec sandbox clients', 'Spec Platform'),
    publicKey: key.publicKey,
    notBefore,
    notAfter,
    extensions: intermediateExtensions(AT),
  };
  return { certificate: parseCertificate(await signedCertificate(content, root)), privateKey: key.privateKey };
}

function order(changes: Partial<CertificateOrder> = {}): CertificateOrder {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    environment: 'sandbox',
    csr: Buffer.alloc(0),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
    subject: 'CN=cli_0123,O=Acme Logistics',
    names: [{ kind: 'uri', value: CLIENT }],
    notBefore: NOW,
    notAfter: new Date(NOW.getTime() + 30 * DAY_MS),
    ...changes,
  };
}

const issued = async (changes?: Partial<CertificateOrder>) => {
  const der = await issueCertificate(order(changes), authority, AT);
  return { der, certificate: parseCertificate(der), parsed: new x509.X509Certificate(der) };
};

describe('a certificate that was issued', () => {
  it('is what a client needs and nothing more: no authority, signatures, TLS client authentication', async () => {
    const { certificate, parsed } = await issued();
    expect(certificate).toMatchObject({ isCa: false, keyUsage: ['digitalSignature'] });
    expect(certificate.extendedKeyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    const critical = parsed.extensions.filter((one) => one.critical).map(({ type }) => type);
    expect(critical.toSorted()).toEqual(['2.5.29.15', '2.5.29.19']);
  });

  it('names both keys, the list and the issuer’s certificate', async () => {
    const { parsed } = await issued();
    const own = parsed.getExtension(x509.SubjectKeyIdentifierExtension)!.keyId;
    const parent = new x509.X509Certificate(authority.certificate.der);
    expect(own).toBe(Buffer.from(await parsed.publicKey.getKeyIdentifier(webcrypto)).toString('hex'));
    expect(parsed.getExtension(x509.AuthorityKeyIdentifierExtension)!.keyId).toBe(
      parent.getExtension(x509.SubjectKeyIdentifierExtension)!.keyId,
    );
    const points = parsed.getExtension(x509.CRLDistributionPointsExtension)!.distributionPoints;
    expect(points.map((one) => one.distributionPoint?.fullName?.[0]?.uniformResourceIdentifier)).toEqual([AT.list]);
    expect(parsed.getExtension(x509.AuthorityInfoAccessExtension)!.caIssuers[0]!.value).toBe(AT.certificate);
  });

  it('has a serial of 128 random bits: positive, and never the same', async () => {
    const serials = await Promise.all(Array.from({ length: 20 }, async () => (await issued()).certificate.serial));
    expect(new Set(serials).size).toBe(20);
    for (const serial of serials) expect(serial).toMatch(/^01[0-9a-f]{32}$/);
    // the octet of each position varies: no counter, no clock
    const octets = serials.map((serial) => serial.slice(2).match(/../g)!);
    for (let at = 0; at < 16; at++) expect(new Set(octets.map((one) => one[at])).size).toBeGreaterThan(10);
  });

  it('passes our own judgement as an upload would', async () => {
    const { certificate } = await issued();
    const bundle = { leaf: certificate, chain: [authority.certificate], passedOver: 0 };
    const { checks } = judgeCertificate(bundle as never, NO_EXPECTATIONS, NOW);
    // of the path nothing can be said without an anchor
    const left = checks.filter(({ id, result }) => result !== 'pass' && id !== 'path');
    expect(left.map(({ id, observed }) => ({ id, observed }))).toEqual([]);
  });

  it.each([
    'CN=a+OU=b+serialNumber=12,O=Multi valued',
    'CN=a,O=\\ b\\ ',
    'CN=Müller\\, Söhne \\+ Co.,O=Łódź 運送,C=PL',
    'CN=\\#hash\\;semi\\"quote\\\\back,O=x',
    '1.2.3.4.5=x,organizationIdentifier=PSDPL-1,CN=y',
  ])('has exactly the subject that was ordered: %s', async (subject) => {
    const { certificate: leaf } = await issued({ subject });
    expect(leaf.subject.text).toBe(subject);
    const path = { leaf, intermediates: [authority.certificate], anchors: [root.certificate], now: NOW };
    expect(judgePath(path).valid).toBe(true);
  });

  it('has exactly the names that were ordered, of every kind and in their order', async () => {
    const names: SubjectAlternativeName[] = [
      { kind: 'uri', value: CLIENT },
      { kind: 'dns', value: 'client.acme.example' },
      { kind: 'email', value: 'ops@acme.example' },
      { kind: 'ip', value: '192.0.2.7' },
      { kind: 'ip', value: '2001:db8::7' },
    ];
    expect((await issued({ names })).certificate.subjectAlternativeNames).toEqual(names);
  });
});

describe('its dates', () => {
  it('begin five minutes early and end when it was ordered, in whole seconds', async () => {
    const notBefore = new Date('2026-03-01T12:00:00.999Z');
    const { certificate } = await issued({ notBefore, notAfter: new Date('2026-03-31T12:00:00.999Z') });
    expect(certificate.notBefore).toEqual(new Date('2026-03-01T11:55:00Z'));
    expect(certificate.notAfter).toEqual(new Date('2026-03-31T12:00:00Z'));
  });

  it('lie within those of the authority', async () => {
    const young = await intermediate(new Date('2026-03-01T11:58:00Z'), new Date('2026-03-10T00:00:00Z'));
    const certificate = parseCertificate(await issueCertificate(order(), young, AT));
    expect(certificate.notBefore).toEqual(young.certificate.notBefore);
    expect(certificate.notAfter).toEqual(young.certificate.notAfter);
  });
});

describe('what cannot be issued as ordered is not issued', () => {
  it.each([
    ['names an extension cannot hold', { names: [{ kind: 'uri', value: 'urn:ü' }] as SubjectAlternativeName[] }],
    ['an address that is none', { names: [{ kind: 'ip', value: '1.2.3.400' }] as SubjectAlternativeName[] }],
    ['a subject that is no name', { subject: 'CN=a,nonsense' }],
    ['a subject that verifiers cannot read', { subject: 'CN=#0403010203' }],
    ['a weak key', { publicKey: rsa(1024) }],
  ])('%s', async (_, changes) => {
    await expect(issueCertificate(order(changes), authority, AT)).rejects.toThrow();
  });

  it('a certificate that ended before it began', async () => {
    const notAfter = new Date(NOW.getTime() - DAY_MS);
    await expect(issueCertificate(order({ notAfter }), authority, AT)).rejects.toMatchObject({
      code: 'certificate_misissued',
      fields: ['expired'],
    });
  });
});

function rsa(modulusLength: number): Buffer {
  return generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ type: 'spki', format: 'der' });
}
