import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createAuthority, toPkcs12, type Issued } from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCertificationRequest } from '../certification-request/parse-certification-request.js';
import { parseCrl } from '../revocation/parse-crl.js';
import { holdsPrivateKey } from './holds-private-key.js';
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

  const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
  const inEveryWriting = (text: string): [string, string | Buffer][] => [
    ['as it is', text],
    ['UTF-16, as Windows PowerShell writes files', utf16(text)],
    ['UTF-16, big endian', utf16(text).swap16()],
    ['UTF-16 that was read as UTF-8', utf16(text).toString('utf8')],
    ['percent-encoded', encodeURIComponent(text)],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(text))],
    ['as a form', new URLSearchParams({ key: text }).toString()],
  ];

  it('A45: as PEM and as a JWK, in UTF-8, UTF-16 and percent-encoded', () => {
    const jwks = [ec, rsa, generateKeyPairSync('ed25519').privateKey].map((key) => key.export({ format: 'jwk' }));
    const symmetric = { kty: 'oct', k: 'c2VjcmV0' };
    const texts = [...jwks, symmetric, { kty: 'AKP', priv: 'AA' }].map((jwk) => JSON.stringify(jwk));
    for (const text of [...texts, JSON.stringify({ keys: jwks }, null, 2), issued.privateKeyPem]) {
      for (const [writing, input] of inEveryWriting(text)) {
        expect(holdsPrivateKey(input), writing).toBe(true);
        expect(() => parseCertificate(input), writing).toThrow(present);
        expect(() => parseCertificationRequest(input), writing).toThrow(present);
        expect(() => parseCrl(input), writing).toThrow(present);
      }
    }
  });

  it('A45: and no public key, certificate or ordinary text is taken for one', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const harmless = [
      JSON.stringify(publicKey.export({ format: 'jwk' })),
      publicKey.export({ type: 'spki', format: 'pem' }) as string,
      issued.chainPem,
      '{"d": "2026-01-01", "k": "v"}',
      'https://keys.example/%7Bprivate%20key%7D?d=1&kty=EC',
    ];
    for (const text of harmless)
      for (const [writing, input] of inEveryWriting(text)) expect(holdsPrivateKey(input), writing).toBe(false);
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
