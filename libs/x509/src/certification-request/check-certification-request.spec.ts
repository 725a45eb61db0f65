import { generateKeyPairSync } from 'node:crypto';
import { createCertificationRequest, type CertificationRequestOptions } from '@partner-ecosystem/test-pki';
import { describe, expect, it } from 'vitest';
import { checkCertificationRequest } from './check-certification-request.js';
import { parseCertificationRequest } from './parse-certification-request.js';

const IDS = ['proof_of_possession', 'weak_key', 'weak_signature'];

async function checksOf(options: CertificationRequestOptions) {
  return checkCertificationRequest(parseCertificationRequest((await createCertificationRequest(options)).der));
}

async function failures(options: CertificationRequestOptions): Promise<string[]> {
  return (await checksOf(options)).filter(({ result }) => result === 'fail').map(({ id }) => id);
}

function keysOf(type: 'rsa', publicExponent: number): { privateKeyPem: string; spki: Buffer } {
  const { publicKey, privateKey } = generateKeyPairSync(type, { modulusLength: 2048, publicExponent });
  return {
    spki: publicKey.export({ type: 'spki', format: 'der' }),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

describe('a certification request', () => {
  it.each<[string, CertificationRequestOptions]>([
    ['P-256', {}],
    ['P-384 and SHA-384', { key: 'P-384', scheme: 'SHA-384' }],
    ['P-521 and SHA-512', { key: 'P-521', scheme: 'SHA-512' }],
    ['RSA of 2048 bits', { key: 'RSA-2048' }],
    ['RSA with PSS', { key: 'RSA-2048', scheme: 'PSS' }],
    ['Ed25519', { key: 'Ed25519' }],
  ])('of %s, signed with its own key, passes every check, each one answered', async (_, options) => {
    const checks = await checksOf({ subject: 'CN=a', names: [{ uri: 'urn:a' }], ...options });
    expect(checks.map(({ id }) => id)).toEqual(IDS);
    for (const check of checks) {
      expect(check).toMatchObject({ result: 'pass', hint: '' });
      expect(check.observed).not.toBe('');
      expect(check.expected).not.toBe('');
    }
  });

  it('A5: proves nothing when its signature is forged, or made with another key than the one in it', async () => {
    const other = await createCertificationRequest();
    const rsa = await createCertificationRequest({ key: 'RSA-2048' });
    expect(await failures({ forged: true })).toEqual(['proof_of_possession']);
    expect(await failures({ key: 'RSA-2048', forged: true })).toEqual(['proof_of_possession']);
    expect(await failures({ key: 'Ed25519', forged: true })).toEqual(['proof_of_possession']);
    expect(await failures({ spki: other.spki })).toEqual(['proof_of_possession']);
    expect(await failures({ spki: rsa.spki })).toEqual(['proof_of_possession']);
  });

  it('A5: proves nothing about what was changed after it was signed', async () => {
    const { der } = await createCertificationRequest({ subject: 'CN=importer' });
    const changed = Buffer.from(der);
    changed[changed.indexOf('importer')]! ^= 0x20;
    const request = parseCertificationRequest(changed);
    expect(request.subject.text).toBe('CN=Importer');
    expect(checkCertificationRequest(request)[0]).toMatchObject({ id: 'proof_of_possession', result: 'fail' });
  });

  it.each<[string, CertificationRequestOptions, string[]]>([
    ['an RSA key of 1024 bits', { key: 'RSA-1024' }, ['weak_key']],
    ['an RSA key with the exponent 3', { keyOf: keysOf('rsa', 3) }, ['weak_key']],
    ['a key on another curve', { key: 'secp256k1' }, ['weak_key']],
    ['a SHA-1 signature', { scheme: 'SHA-1' }, ['weak_signature']],
    ['an MD5 signature', { key: 'RSA-2048', scheme: 'MD5' }, ['weak_signature']],
    ['a SHA-224 signature', { scheme: 'SHA-224' }, ['proof_of_possession', 'weak_signature']],
    ['every fault', { key: 'RSA-1024', scheme: 'SHA-1', forged: true }, IDS],
  ])('with %s is told so, and nothing else', async (_, options, expected) => {
    expect(await failures(options)).toEqual(expected);
    for (const { result, hint } of await checksOf(options)) expect(hint === '').toBe(result === 'pass');
  });

  it('with a key that OpenSSL cannot use proves nothing', async () => {
    const { spki } = await createCertificationRequest();
    const unknown = Buffer.from(spki);
    // another algorithm than id-ecPublicKey
    unknown[10] = 9;
    expect(await failures({ spki: unknown })).toEqual(['proof_of_possession', 'weak_key']);
  });
});
