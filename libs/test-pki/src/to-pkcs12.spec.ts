import { createPrivateKey, createPublicKey, webcrypto, X509Certificate } from 'node:crypto';
import { connect, createSecureContext, createServer, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import * as pkijs from 'pkijs';
import { describe, expect, it } from 'vitest';
import { createAuthority, toPkcs12, type Issued } from './index.js';

const PASSPHRASE = 'correct horse';

describe('a PKCS#12 file', () => {
  it('opens with its passphrase in node, and holds the matching key: the client authenticates with it', async () => {
    const { authority, issued, pfx } = await example();
    const server = await issueServer(authority);
    const secured = once(server, 'secureConnection') as Promise<[TLSSocket]>;
    const { port } = server.address() as AddressInfo;
    const client = connect({ host: '127.0.0.1', port, ca: authority.certificatePem, pfx, passphrase: PASSPHRASE });
    const [socket] = await secured;
    expect(socket.authorized).toBe(true);
    expect(socket.getPeerX509Certificate()!.raw.equals(issued.der)).toBe(true);
    client.destroy();
    server.close();
  });

  it('does not open with another passphrase', async () => {
    const { pfx } = await example();
    expect(() => createSecureContext({ pfx, passphrase: PASSPHRASE })).not.toThrow();
    expect(() => createSecureContext({ pfx, passphrase: 'wrong' })).toThrow(/mac verify failure/);
  });

  it('is MACed and encrypted in the modern way: read back with pkijs, key and certificates are the given ones', async () => {
    const { issued, pfx } = await example();
    const { key, certificates, bytes } = await readBack(pfx, PASSPHRASE);
    expect(createPrivateKey(issued.privateKeyPem).export({ type: 'pkcs8', format: 'der' }).equals(key)).toBe(true);
    expect(certificates[0]!.equals(issued.der)).toBe(true);
    expect(certificates).toHaveLength(2);
    const [aes256Cbc, hmacSha256] = ['060960864801650304012a', '06082a864886f70d0209'];
    expect(bytes.split(aes256Cbc)).toHaveLength(3);
    expect(bytes.split(hmacSha256)).toHaveLength(3);
    await expect(readBack(pfx, 'wrong')).rejects.toThrow(/Integrity/);
  });

  it('takes a passphrase outside ASCII', async () => {
    const { issued } = await example();
    const pfx = await toPkcs12({ ...issued, passphrase: 'pässwörd', friendlyName: 'Ünïcode' });
    expect(() => createSecureContext({ pfx, passphrase: 'pässwörd' })).not.toThrow();
  });

  it.each(['RSA-2048', 'P-384', 'Ed25519'] as const)('carries a %s key', async (key) => {
    const issued = await (await createAuthority({ name: 'Root' })).issueClient({ subject: 'CN=client', key });
    const pfx = await toPkcs12({ ...issued, passphrase: PASSPHRASE, friendlyName: 'client' });
    const read = await readBack(pfx, PASSPHRASE);
    const publicKey = createPublicKey(createPrivateKey({ key: read.key, type: 'pkcs8', format: 'der' }));
    expect(publicKey.equals(new X509Certificate(issued.der).publicKey)).toBe(true);
    expect(read.certificates).toHaveLength(1);
  });

  it('is refused for a key that belongs to another certificate', async () => {
    const { authority, issued } = await example();
    const other = await authority.issueClient({ subject: 'CN=other' });
    const mixed = { ...issued, privateKeyPem: other.privateKeyPem };
    await expect(toPkcs12({ ...mixed, passphrase: PASSPHRASE, friendlyName: 'x' })).rejects.toThrow(TypeError);
  });
});

async function example() {
  const authority = await createAuthority({ name: 'Root', intermediate: true });
  const issued: Issued = await authority.issueClient({ subject: 'CN=client,O=Partner' });
  const pfx = await toPkcs12({ ...issued, passphrase: PASSPHRASE, friendlyName: 'Partner client' });
  return { authority, issued, pfx };
}

async function issueServer(authority: Awaited<ReturnType<typeof createAuthority>>) {
  const { privateKeyPem, chainPem } = await authority.issueServer({ names: ['127.0.0.1'] });
  const ca = authority.bundlePem;
  const options = { key: privateKeyPem, cert: chainPem, ca, requestCert: true, rejectUnauthorized: false };
  const server = createServer(options).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function readBack(pfx: Buffer, passphrase: string) {
  const engine = new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto as never });
  const password = Uint8Array.from(Buffer.from(passphrase)).buffer;
  const parsed = pkijs.PFX.fromBER(Uint8Array.from(pfx).buffer);
  await parsed.parseInternalValues({ password, checkIntegrity: true }, engine);
  const safe = parsed.parsedValue!.authenticatedSafe!;
  await safe.parseInternalValues({ safeContents: [{}, { password }] }, engine);
  const [keys, certificates] = safe.parsedValue.safeContents.map(
    ({ value }: { value: pkijs.SafeContents }) => value.safeBags,
  ) as [pkijs.SafeBag[], pkijs.SafeBag[]];
  const keyBag = keys[0]!.bagValue as pkijs.PKCS8ShroudedKeyBag;
  const encryptedContentInfo = new pkijs.EncryptedContentInfo({
    contentEncryptionAlgorithm: keyBag.encryptionAlgorithm,
    encryptedContent: keyBag.encryptedData,
  });
  const parts = certificates.map(({ bagValue }) => (bagValue as pkijs.CertBag).parsedValue as pkijs.Certificate);
  return {
    key: Buffer.from(await engine.decryptEncryptedContentInfo({ password, encryptedContentInfo })),
    certificates: parts.map((certificate) => Buffer.from(certificate.toSchema().toBER())),
    bytes: pfx.toString('hex'),
  };
}
