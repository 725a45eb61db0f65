import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { describe, expect, it } from 'vitest';
import { mintCertificate, mintCrl, type MintOptions } from './index.js';

describe('a minted certificate', () => {
  it('is a sound client certificate or authority unless told otherwise', async () => {
    const root = await mintCertificate({ subject: 'CN=Root', authority: true });
    const leaf = await mintCertificate({ subject: 'CN=client,O=Partner', issuer: root });
    const [client, authority] = [new X509Certificate(leaf.der), new X509Certificate(root.der)];
    expect(client.checkIssued(authority) && client.verify(authority.publicKey)).toBe(true);
    expect(authority.ca && authority.verify(authority.publicKey)).toBe(true);
    expect(client.ca).toBe(false);
    expect(client.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(client.serialNumber.toLowerCase()).toBe(leaf.serial);
    expect(client.subject).toBe('O=Partner\nCN=client');
  });

  it('says what it is told, read by another reader', async () => {
    const { der } = await mintCertificate({
      subject: 'CN=CA',
      basicConstraints: { ca: true, pathLength: 3 },
      keyUsage: ['keyCertSign', 'digitalSignature'],
      names: [{ dns: 'a.example' }, { uri: 'https://a.example' }, { ip: '2001:db8::1' }, { dn: 'CN=x,O=y' }],
      notAfter: new Date('2061-01-01T00:00:00Z'),
    });
    const certificate = new x509.X509Certificate(der);
    expect(certificate.getExtension(x509.BasicConstraintsExtension)).toMatchObject({ ca: true, pathLength: 3 });
    const { keyCertSign, digitalSignature } = x509.KeyUsageFlags;
    expect(certificate.getExtension(x509.KeyUsagesExtension)!.usages).toBe(keyCertSign | digitalSignature);
    expect(certificate.getExtension(x509.SubjectAlternativeNameExtension)!.names.toJSON()).toEqual([
      { type: 'dns', value: 'a.example' },
      { type: 'url', value: 'https://a.example' },
      { type: 'ip', value: '2001:db8::1' },
      { type: 'dn', value: 'O=y, CN=x' },
    ]);
    expect(certificate.notAfter).toEqual(new Date('2061-01-01T00:00:00Z'));
  });

  it.each([
    [{ key: 'RSA-2048', scheme: 'MD5' }, '2a864886f70d010104'],
    [{ key: 'RSA-2048', scheme: 'PSS' }, '2a864886f70d01010a'],
    [{ key: 'RSA-2048', scheme: 'SHA-1' }, '2a864886f70d010105'],
    [{ key: 'P-256', scheme: 'SHA-224' }, '2a8648ce3d040301'],
    [{ key: 'secp256k1' }, '2a8648ce3d040302'],
    [{ key: 'Ed25519' }, '2b6570'],
  ] as Array<[Partial<MintOptions>, string]>)('is signed as told: %j', async (said, oid) => {
    const { der } = await mintCertificate({ subject: 'CN=self', ...said });
    const certificate = new X509Certificate(der);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(der.includes(Buffer.from(oid, 'hex'))).toBe(true);
  });

  it('can be forged, be of version 1, bear another issuer, or share a key', async () => {
    const root = await mintCertificate({ subject: 'CN=Root', authority: true });
    const rootKey = new X509Certificate(root.der).publicKey;
    const mint = (said: Partial<MintOptions>) => mintCertificate({ subject: 'CN=client', issuer: root, ...said });
    expect(new X509Certificate((await mint({ forged: true })).der).verify(rootKey)).toBe(false);
    expect(new X509Certificate((await mint({ issuerName: 'CN=Other' })).der).issuer).toBe('CN=Other');
    expect(new x509.X509Certificate((await mint({ version1: true })).der).extensions).toEqual([]);
    const one = await mint({});
    expect((await mint({ keyOf: one })).spki.equals(one.spki)).toBe(true);
  });
});

describe('a minted CRL', () => {
  it('is signed by its issuer and names what is revoked, read by another reader', async () => {
    const issuer = await mintCertificate({ subject: 'CN=Root', authority: true });
    const list = new x509.X509Crl(mintCrl({ issuer, revoked: [{ serial: '0a', reason: 1 }], number: 7 }));
    const publicKey = new x509.X509Certificate(issuer.der).publicKey;
    expect(await list.verify({ publicKey })).toBe(true);
    expect(list.entries.map(({ serialNumber, reason }) => [serialNumber, reason])).toEqual([['0a', 1]]);
    const forged = new x509.X509Crl(mintCrl({ issuer, forged: true }));
    expect(await forged.verify({ publicKey })).toBe(false);
  });
});
