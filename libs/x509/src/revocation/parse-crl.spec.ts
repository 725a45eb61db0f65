import { mintCertificate, mintCrl, type Minted } from '@partner-ecosystem/test-pki';
import * as x509 from '@peculiar/x509';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCrl } from './parse-crl.js';

const DATES = { thisUpdate: new Date('2026-06-15T00:00:00Z'), nextUpdate: new Date('2026-06-16T00:00:00Z') };
const date = new Date('2026-06-10T00:00:00Z');
const malformed = expect.objectContaining({ name: 'X509Error', code: 'crl_malformed' });

let issuer: Minted;
let der: Buffer;
beforeAll(async () => {
  issuer = await mintCertificate({ subject: 'CN=Issuing CA,O=Partner', authority: true });
  const revoked = [
    { serial: '0a', date, reason: 1 },
    { serial: 'ff00', date },
    { serial: '7f', date, reason: 10 },
  ];
  der = mintCrl({ issuer, ...DATES, number: 42, revoked });
});
const pem = (bytes: Buffer, label = 'X509 CRL') =>
  `-----BEGIN ${label}-----\n${bytes.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;

describe('a CRL', () => {
  it('is read as it stands', () => {
    const list = parseCrl(der);
    expect(list).toMatchObject({ ...DATES, number: '2a', unknownCriticalExtensions: [] });
    expect(list.issuer.text).toBe('CN=Issuing CA,O=Partner');
    expect(list.signatureAlgorithm.name).toBe('ecdsa-with-SHA256');
    expect([...list.revoked]).toEqual([
      ['0a', { date, reason: 'keyCompromise' }],
      ['ff00', { date, reason: 'unspecified' }],
      ['7f', { date, reason: 'aACompromise' }],
    ]);
  });

  it('is what another reader makes of it', () => {
    const [list, other] = [parseCrl(der), new x509.X509Crl(der)];
    expect(new Map(other.entries.map((entry) => [entry.serialNumber, entry.revocationDate]))).toEqual(
      new Map([...list.revoked].map(([serial, entry]) => [serial, entry.date])),
    );
    expect([other.thisUpdate, other.nextUpdate]).toEqual([list.thisUpdate, list.nextUpdate]);
    expect(other.extensions.map(({ type }) => type)).toEqual(['2.5.29.35', '2.5.29.20']);
  });

  it('is the same from DER, and from PEM as text and as bytes', () => {
    const list = parseCrl(der);
    expect(parseCrl(pem(der))).toEqual(list);
    expect(parseCrl(Buffer.from(`issued today\r\n${pem(der).replaceAll('\n', '\r\n')}`))).toEqual(list);
  });

  it('may revoke nothing, and leave the next date out', () => {
    const list = parseCrl(mintCrl({ issuer, nextUpdate: null }));
    expect(list.revoked.size).toBe(0);
    expect(list.nextUpdate).toBeUndefined();
  });

  it('names the critical extensions that are not read, of entries too', () => {
    const unknown = { oid: '1.3.6.1.4.1.55555.1', critical: true, value: Buffer.from('0500', 'hex') };
    const inList = parseCrl(mintCrl({ issuer, extensions: [unknown] }));
    const inEntry = parseCrl(mintCrl({ issuer, revoked: [{ serial: '01', extensions: [unknown] }] }));
    expect(inList.unknownCriticalExtensions).toEqual([unknown.oid]);
    expect(inEntry.unknownCriticalExtensions).toEqual([unknown.oid]);
  });

  it('of a hundred thousand entries is read', () => {
    const revoked = Array.from({ length: 100_000 }, (_, index) => ({ serial: (index + 1).toString(16), date }));
    const large = mintCrl({ issuer, revoked });
    expect(parseCrl(large).revoked.size).toBe(100_000);
  });
});

describe('it is refused', () => {
  it.each([
    ['when it is empty', () => ''],
    ['when it is a certificate', () => issuer.der],
    ['when it is a certificate in its armour', () => pem(issuer.der)],
    ['in the armour OpenSSL and Node refuse', () => pem(der, 'CRL')],
    ['when there are two', () => pem(der) + pem(der)],
    ['with something behind it', () => Buffer.concat([der, Buffer.from([0x30, 0])])],
    ['when it is cut off', () => der.subarray(0, -1)],
    ['with broken base64', () => pem(der).replace(/[A-Za-z]\n/, '=\n')],
    ['when it is too large', () => Buffer.alloc(17 * 1024 * 1024)],
  ] as Array<[string, () => string | Buffer]>)('%s', (_, input) => {
    expect(() => parseCrl(input())).toThrow(malformed);
  });

  it('with a private key beside it, whatever else is wrong', () => {
    const present = expect.objectContaining({ code: 'private_key_present' });
    expect(() => parseCrl(pem(der) + issuer.privateKeyPem)).toThrow(present);
    expect(() => parseCrl(Buffer.from(issuer.privateKeyPem.slice(0, 60)))).toThrow(present);
  });
});
