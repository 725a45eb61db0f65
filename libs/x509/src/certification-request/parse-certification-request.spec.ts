import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import {
  createCertificationRequest,
  mintCertificate,
  requestAttribute,
  requestAttributes,
  type CertificationRequestOptions,
} from '@partner-ecosystem/test-pki';
import * as x509 from '@peculiar/x509';
import { describe, expect, it } from 'vitest';
import { parseCertificate } from '../certificate/parse-certificate.js';
import { X509Error } from '../x509-error.js';
import { parseCertificationRequest } from './parse-certification-request.js';

const malformed = expect.objectContaining({ name: 'X509Error', code: 'certification_request_malformed' });
const present = expect.objectContaining({ name: 'X509Error', code: 'private_key_present' });
const UNKNOWN = { oid: '1.3.6.1.4.1.55555.1', critical: false, value: Buffer.from('0500', 'hex') };

const parsed = async (options: CertificationRequestOptions = {}) =>
  parseCertificationRequest((await createCertificationRequest(options)).der);

describe('a certification request', () => {
  it('is read as it stands', async () => {
    const { der, pem, spki } = await createCertificationRequest({
      subject: 'CN=importer,O=Acme',
      names: [{ uri: 'urn:a' }, { dns: 'a.example' }, { dn: 'CN=b' }, { other: 'upn' }],
      basicConstraints: { ca: true },
      keyUsage: ['digitalSignature', 'keyCertSign'],
      extendedKeyUsage: ['clientAuth', 'serverAuth'],
      extensions: [UNKNOWN],
    });
    expect(parseCertificationRequest(der)).toMatchObject({
      der,
      pem,
      publicKey: spki,
      spkiSha256: createHash('sha256').update(spki).digest('hex'),
      subject: { text: 'CN=importer,O=Acme' },
      key: { type: 'ec', curve: 'P-256' },
      requested: {
        subjectAlternativeNames: [
          { kind: 'uri', value: 'urn:a' },
          { kind: 'dns', value: 'a.example' },
        ],
        otherNames: 2,
        isCa: true,
        keyUsage: ['digitalSignature', 'keyCertSign'],
        extendedKeyUsage: ['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1'],
        others: [UNKNOWN.oid],
      },
      attributes: ['1.2.840.113549.1.9.14'],
      signatureAlgorithm: { name: 'ecdsa-with-SHA256' },
    });
  });

  it('may ask for nothing but a certificate', async () => {
    expect(await parsed()).toMatchObject({
      subject: { text: '', rdns: [] },
      requested: { subjectAlternativeNames: [], otherNames: 0, isCa: false, others: [] },
      attributes: [],
    });
  });

  it('is what another writer makes, and another reader makes of it', async () => {
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const made = await x509.Pkcs10CertificateRequestGenerator.create({
      name: 'CN=a',
      keys,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'a.example' }])],
    });
    const request = parseCertificationRequest(Buffer.from(made.rawData));
    expect(request.subject.text).toBe('CN=a');
    expect(request.requested.subjectAlternativeNames).toEqual([{ kind: 'dns', value: 'a.example' }]);
    const { der, spki } = await createCertificationRequest({ subject: 'CN=b', names: [{ uri: 'urn:b' }] });
    const other = new x509.Pkcs10CertificateRequest(der);
    expect([other.subject, await other.verify()]).toEqual(['CN=b', true]);
    expect(Buffer.from(other.publicKey.rawData)).toEqual(spki);
  });

  it('is the same from DER, and from PEM as text and as bytes, whatever the tool calls it', async () => {
    const { der, pem } = await createCertificationRequest({ subject: 'CN=a' });
    const request = parseCertificationRequest(der);
    for (const text of [
      pem,
      `Certificate Request:\n${pem.replaceAll('\n', '\r\n')}`,
      pem.replaceAll('CERT', 'NEW CERT'),
    ])
      for (const input of [text, Buffer.from(text)]) expect(parseCertificationRequest(input)).toEqual(request);
  });

  it('has the hash of its key in common with the certificate of that key', async () => {
    const minted = await mintCertificate({ subject: 'CN=a' });
    expect((await parsed({ keyOf: minted })).spkiSha256).toBe(parseCertificate(minted.der).spkiSha256);
  });

  it('names the attributes it has, a password for the authority among them', async () => {
    const password = requestAttribute('1.2.840.113549.1.9.7', Buffer.from('0c03616263', 'hex'));
    expect((await parsed({ attributes: [password] })).attributes).toEqual(['1.2.840.113549.1.9.7']);
  });

  it('is also asked for extensions in the words Microsoft had for it', async () => {
    const attributes = requestAttributes([UNKNOWN], '1.3.6.1.4.1.311.2.1.14');
    expect((await parsed({ attributes })).requested.others).toEqual([UNKNOWN.oid]);
  });
});

describe('it is refused', () => {
  it.each<[string, CertificationRequestOptions]>([
    ['of another version', { version: 1 }],
    [
      'with extensions asked for twice',
      { attributes: [...requestAttributes([UNKNOWN]), ...requestAttributes([UNKNOWN])] },
    ],
    [
      'with extensions asked for in both words',
      { attributes: [...requestAttributes([UNKNOWN]), ...requestAttributes([UNKNOWN], '1.3.6.1.4.1.311.2.1.14')] },
    ],
    ['with one extension twice', { extensions: [UNKNOWN, UNKNOWN] }],
    ['with an attribute of no values', { attributes: [requestAttribute('1.2.840.113549.1.9.14')] }],
    [
      'with names that are none',
      { extensions: [{ oid: '2.5.29.17', critical: false, value: Buffer.from('3000', 'hex') }] },
    ],
    ['with a compressed point, the same key under another hash', { spki: compressed() }],
  ])('%s', async (_, options) => {
    const { der } = await createCertificationRequest(options);
    expect(() => parseCertificationRequest(der)).toThrow(malformed);
  });

  it('when it is something else, or broken', async () => {
    const { der, pem } = await createCertificationRequest({ subject: 'CN=a' });
    const certificate = await mintCertificate({ subject: 'CN=a' });
    const inputs: [string, string | Buffer][] = [
      ['nothing', ''],
      ['no PEM', der.toString('base64')],
      ['a certificate', certificate.certificatePem],
      ['a certificate, DER', certificate.der],
      ['two', pem + pem],
      ['a certificate beside it', pem + certificate.certificatePem],
      ['something behind it', Buffer.concat([der, Buffer.from([0x30, 0])])],
      ['cut off', der.subarray(0, -1)],
      ['armour that does not end', pem.slice(0, -10)],
      ['armour of another kind at the end', pem.replace('END CERTIFICATE', 'END NEW CERTIFICATE')],
      ['broken base64', pem.replace(/[A-Za-z]\n/, '=\n')],
      ['too large', Buffer.alloc(33_000, 0x30)],
    ];
    for (const [name, input] of inputs) expect(() => parseCertificationRequest(input), name).toThrow(malformed);
  });

  it('with a private key in any form, and no message repeats it', async () => {
    const { pem, privateKeyPem } = await createCertificationRequest();
    const body = privateKeyPem.split('\n').slice(1, -2).join('');
    const relabelled = privateKeyPem.replaceAll('PRIVATE KEY', 'CERTIFICATE REQUEST');
    for (const input of [pem + privateKeyPem, relabelled, body, Buffer.from(body, 'base64')]) {
      expect(() => parseCertificationRequest(input)).toThrow(present);
      expect(messageOf(input)).not.toContain(body.slice(0, 20));
    }
  });
});

function compressed(): Buffer {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const [head, point] = [spki.subarray(0, 26), spki.subarray(26)];
  const short = Buffer.concat([head, Buffer.of(2 + (point[64]! & 1)), point.subarray(1, 33)]);
  short[1]! -= 32;
  short[24]! -= 32;
  // it is a key, and OpenSSL takes it for the same
  expect(createPublicKey({ key: short, format: 'der', type: 'spki' }).equals(publicKey)).toBe(true);
  return short;
}

function messageOf(input: string | Buffer): string {
  try {
    parseCertificationRequest(input);
    return '';
  } catch (error) {
    return (error as X509Error).message;
  }
}
