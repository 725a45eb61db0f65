import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createAuthority, toPkcs12, type Issued } from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCertificate } from './parse-certificate.js';

const present = expect.objectContaining({ name: 'X509Error', code: 'private_key_present' });
const cipher = { cipher: 'aes-256-cbc', passphrase: 'secret' };
let issued: Issued;
let ec: KeyObject;
let rsa: KeyObject;
beforeAll(async () => {
  issued = await (await createAuthority({ name: 'Root' })).issueClient({ subject: 'CN=client' });
  ec = createPrivateKey(issued.privateKeyPem);
  rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
});

describe('a private key in the input is recognised', () => {
  it('beside the certificate, before and behind it', () => {
    expect(() => parseCertificate(issued.certificatePem + issued.privateKeyPem)).toThrow(present);
    expect(() => parseCertificate(issued.privateKeyPem + issued.certificatePem)).toThrow(present);
    expect(() => parseCertificate(Buffer.from(issued.privateKeyPem + issued.certificatePem))).toThrow(present);
  });

  it('before anything else that is wrong', () => {
    expect(() => parseCertificate(issued.privateKeyPem.slice(0, 60))).toThrow(present);
    expect(() => parseCertificate(issued.chainPem.repeat(2) + issued.privateKeyPem)).toThrow(present);
  });

  it('as PEM of every kind', () => {
    const pems = [
      ec.export({ type: 'pkcs8', format: 'pem' }),
      ec.export({ type: 'sec1', format: 'pem' }),
      rsa.export({ type: 'pkcs1', format: 'pem' }),
      rsa.export({ type: 'pkcs8', format: 'pem', ...cipher }),
    ];
    for (const pem of pems) expect(() => parseCertificate(pem as string)).toThrow(present);
  });

  it('as DER of every kind, in a CERTIFICATE block, and without any armour', async () => {
    const ders = [
      ec.export({ type: 'pkcs8', format: 'der' }),
      ec.export({ type: 'sec1', format: 'der' }),
      rsa.export({ type: 'pkcs1', format: 'der' }),
      rsa.export({ type: 'pkcs8', format: 'der', ...cipher }),
      await toPkcs12({ ...issued, passphrase: 'secret', friendlyName: 'client' }),
    ];
    for (const der of ders) {
      const base64 = der.toString('base64');
      expect(() => parseCertificate(der)).toThrow(present);
      expect(() => parseCertificate(base64)).toThrow(present);
      expect(() => parseCertificate(`-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----`)).toThrow(
        present,
      );
    }
  });

  it('and is not seen in a public key', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const malformed = expect.objectContaining({ code: 'certificate_malformed' });
    expect(() => parseCertificate(publicKey.export({ type: 'pkcs1', format: 'der' }))).toThrow(malformed);
    expect(() => parseCertificate(publicKey.export({ type: 'spki', format: 'der' }))).toThrow(malformed);
    expect(() => parseCertificate(publicKey.export({ type: 'pkcs1', format: 'pem' }) as string)).toThrow(malformed);
  });
});

describe('what is refused', () => {
  it('is nowhere in the error: not in its message, its causes, or its stack', () => {
    const inputs = [
      issued.privateKeyPem,
      issued.chainPem.repeat(2),
      issued.certificatePem.replace('MII', 'MIJ'),
      `-----BEGIN CERTIFICATE-----\n${Buffer.from('secretword').toString('base64')}\n-----END CERTIFICATE-----`,
      'secretword',
    ];
    for (const input of inputs) {
      const text = everythingIn(errorOf(() => parseCertificate(input)));
      const words = input.match(/[A-Za-z0-9+/=]{8,}/g)!.filter((word) => word !== 'CERTIFICATE');
      for (const word of words) expect(text).not.toContain(word);
    }
  });
});

function errorOf(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was refused');
}

function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return [error.message, error.stack, JSON.stringify(error), everythingIn(error.cause)].join('\n');
}
