import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createAuthority, selfSigned } from './index.js';

const HOUR = 3_600_000;

describe('an authority', () => {
  it('is a self-signed CA certificate, valid now', async () => {
    const { certificatePem, bundlePem } = await createAuthority({ name: 'Partner Root' });
    const root = new X509Certificate(certificatePem);
    expect(root.subject).toBe('CN=Partner Root');
    expect(root.ca).toBe(true);
    expect(root.verify(root.publicKey)).toBe(true);
    expect(new Date(root.validTo).getTime()).toBeGreaterThan(Date.now());
    expect(bundlePem).toBe(certificatePem);
  });

  it('keeps a comma in its name as a comma', async () => {
    const { certificatePem } = await createAuthority({ name: 'Root, O = Other' });
    const root = new X509Certificate(certificatePem);
    expect(root.toLegacyObject().subject).toEqual(expect.objectContaining({ CN: 'Root, O = Other' }));
  });

  it('signs leaves with the root when there is no intermediate', async () => {
    const authority = await createAuthority({ name: 'Root' });
    const issued = await authority.issueClient({ subject: 'CN=client' });
    const root = new X509Certificate(authority.certificatePem);
    const leaf = new X509Certificate(issued.certificatePem);
    expect(leaf.checkIssued(root)).toBe(true);
    expect(leaf.verify(root.publicKey)).toBe(true);
    expect(issued.chainPem).toBe(issued.certificatePem);
  });

  it('signs leaves with the intermediate, and sends it in the chain', async () => {
    const authority = await createAuthority({ name: 'Root', intermediate: true });
    const issued = await authority.issueClient({ subject: 'CN=client' });
    const [leaf, intermediate] = certificates(issued.chainPem);
    const root = new X509Certificate(authority.certificatePem);
    expect(leaf!.verify(intermediate!.publicKey)).toBe(true);
    expect(intermediate!.verify(root.publicKey)).toBe(true);
    expect(intermediate!.ca).toBe(true);
    expect(leaf!.verify(root.publicKey)).toBe(false);
    expect(certificates(authority.bundlePem).map(({ subject }) => subject)).toEqual([
      'CN=Root',
      'CN=Root Intermediate',
    ]);
  });

  it('has the same DN as another one of its name, and another key', async () => {
    const [one, two] = [await createAuthority({ name: 'Root' }), await createAuthority({ name: 'Root' })];
    const leaf = new X509Certificate((await one.issueClient({ subject: 'CN=client' })).der);
    const [rootOne, rootTwo] = [new X509Certificate(one.certificatePem), new X509Certificate(two.certificatePem)];
    expect(rootOne.subject).toBe(rootTwo.subject);
    expect(leaf.verify(rootOne.publicKey)).toBe(true);
    expect(leaf.verify(rootTwo.publicKey)).toBe(false);
  });

  it('can have expired', async () => {
    const notAfter = new Date(Date.now() - HOUR);
    const { certificatePem } = await createAuthority({ name: 'Old', notBefore: new Date(0), notAfter });
    expect(new Date(new X509Certificate(certificatePem).validTo).getTime()).toBeLessThan(Date.now());
  });

  it('serves TLS that a client verifies by its bundle, by DNS name and by address', async () => {
    const authority = await createAuthority({ name: 'Root', intermediate: true });
    const issued = await authority.issueServer({ names: ['localhost', '127.0.0.1', '::1'] });
    const server = createServer({ key: issued.privateKeyPem, cert: issued.chainPem }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    for (const servername of ['localhost', undefined]) {
      const socket = connect({ host: '127.0.0.1', port, ca: authority.certificatePem, servername });
      await once(socket, 'secureConnect');
      expect(socket.authorized).toBe(true);
      socket.destroy();
    }
    server.close();
    expect(new X509Certificate(issued.der).keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  it('refuses a server certificate without a name', async () => {
    const authority = await createAuthority({ name: 'Root' });
    expect(() => authority.issueServer({ names: [] })).toThrow(TypeError);
  });
});

describe('an issued client certificate', () => {
  it('comes with its own key in PKCS#8 and the RFC 8705 thumbprint of its DER', async () => {
    const authority = await createAuthority({ name: 'Root' });
    const { der, certificatePem, privateKeyPem, thumbprint } = await authority.issueClient({ subject: 'CN=client' });
    const leaf = new X509Certificate(certificatePem);
    expect(leaf.raw.equals(der)).toBe(true);
    expect(privateKeyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(leaf.checkPrivateKey(createPrivateKey(privateKeyPem))).toBe(true);
    expect(thumbprint).toBe(createHash('sha256').update(leaf.raw).digest('base64url'));
    expect(thumbprint).toHaveLength(43);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(leaf.ca).toBe(false);
  });

  it('has a serial number of its own', async () => {
    const authority = await createAuthority({ name: 'Root' });
    const serials = new Set<string>();
    for (let count = 0; count < 5; count++) {
      serials.add(new X509Certificate((await authority.issueClient({ subject: 'CN=client' })).der).serialNumber);
    }
    expect(serials.size).toBe(5);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('carries every kind of alternative name, as given', async () => {
    const authority = await createAuthority({ name: 'Root' });
    const { der } = await authority.issueClient({
      subject: 'CN=client',
      uri: ['spiffe://example.org/a'],
      dns: ['*.example.org', 'good.example\0.evil.example'],
      email: ['a@example.org'],
      ip: ['192.0.2.1', '2001:db8::1'],
    });
    const names = new X509Certificate(der).subjectAltName;
    expect(names).toContain('URI:spiffe://example.org/a');
    expect(names).toContain('DNS:*.example.org');
    expect(names).toContain('email:a@example.org');
    expect(names).toContain('IP Address:192.0.2.1');
    expect(names).toContain('IP Address:2001:DB8:0:0:0:0:0:1');
    expect(der.includes('good.example\0.evil.example')).toBe(true);
  });

  it.each([
    ['P-256', { namedCurve: 'prime256v1' }],
    ['P-384', { namedCurve: 'secp384r1' }],
    ['P-521', { namedCurve: 'secp521r1' }],
    ['secp256k1', { namedCurve: 'secp256k1' }],
    ['RSA-2048', { modulusLength: 2048 }],
    ['RSA-1024', { modulusLength: 1024 }],
    ['Ed25519', {}],
  ] as const)('has a %s key when asked', async (key, details) => {
    const authority = await createAuthority({ name: 'Root' });
    const { der, privateKeyPem } = await authority.issueClient({ subject: 'CN=client', key });
    const leaf = new X509Certificate(der);
    expect(leaf.publicKey.asymmetricKeyDetails).toMatchObject(details);
    expect(leaf.checkPrivateKey(createPrivateKey(privateKeyPem))).toBe(true);
  });

  it('certifies given keys, so that two certificates can share one', async () => {
    const authority = await createAuthority({ name: 'Root' });
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const one = await authority.issueClient({ subject: 'CN=one', keys });
    const two = await authority.issueClient({ subject: 'CN=two', keys });
    expect(one.privateKeyPem).toBe(two.privateKeyPem);
    expect(one.thumbprint).not.toBe(two.thumbprint);
  });

  it('can be expired, not yet valid, without usage, of wrong usage, a CA, or signed with SHA-1', async () => {
    const authority = await createAuthority({ name: 'Root' });
    const issue = async (options: object) =>
      new X509Certificate((await authority.issueClient({ subject: 'CN=bad', ...options })).der);
    const yesterday = new Date(Date.now() - 24 * HOUR);
    const tomorrow = new Date(Date.now() + 24 * HOUR);
    expect(new Date((await issue({ notBefore: new Date(0), notAfter: yesterday })).validTo) < new Date()).toBe(true);
    expect(new Date((await issue({ notBefore: tomorrow })).validFrom) > new Date()).toBe(true);
    expect((await issue({ extendedKeyUsage: null })).keyUsage).toBeUndefined();
    expect((await issue({ extendedKeyUsage: ['serverAuth'] })).keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect((await issue({ ca: true })).ca).toBe(true);
    const ecdsaWithSha1 = Buffer.from('06072a8648ce3d0401', 'hex');
    expect((await issue({ hash: 'SHA-1' })).raw.includes(ecdsaWithSha1)).toBe(true);
    expect((await issue({})).raw.includes(ecdsaWithSha1)).toBe(false);
  });

  it('carries extensions nobody knows', async () => {
    const authority = await createAuthority({ name: 'Root' });
    const extension = { oid: '1.3.6.1.4.1.55555.1', critical: true, value: Buffer.from('0500', 'hex') };
    const { der } = await authority.issueClient({ subject: 'CN=client', extensions: [extension] });
    expect(der.includes(Buffer.from('06092b0601040183b203010101ff04020500', 'hex'))).toBe(true);
  });
});

describe('a self-signed certificate', () => {
  it.each(['P-256', 'RSA-2048', 'Ed25519'] as const)('verifies with its own %s key only', async (key) => {
    const leaf = new X509Certificate((await selfSigned({ subject: 'CN=alone', key })).der);
    const other = new X509Certificate((await selfSigned({ subject: 'CN=alone', key })).der);
    expect(leaf.issuer).toBe(leaf.subject);
    expect(leaf.verify(leaf.publicKey)).toBe(true);
    expect(leaf.verify(other.publicKey)).toBe(false);
  });
});

function certificates(pem: string): X509Certificate[] {
  return pem
    .split(/(?<=-----END CERTIFICATE-----\n)/)
    .filter((block) => block !== '')
    .map((block) => new X509Certificate(block));
}
