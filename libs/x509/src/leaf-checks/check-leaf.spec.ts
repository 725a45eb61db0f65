import { createAuthority, mintCertificate, type Authority, type LeafOptions } from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Certificate } from '../certificate/certificate.js';
import { parseCertificate } from '../certificate/parse-certificate.js';
import { checkLeaf } from './check-leaf.js';

const NOW = new Date('2026-06-15T12:00:00Z');
const VALID = { notBefore: new Date('2026-06-01T00:00:00Z'), notAfter: new Date('2026-07-01T00:00:00Z') };
const IDS = [
  'not_yet_valid',
  'expired',
  'ca_certificate',
  'weak_key',
  'weak_signature',
  'key_usage',
  'extended_key_usage',
  'unknown_critical_extension',
];

let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority({ name: 'Root', notBefore: new Date('2026-01-01T00:00:00Z') });
});

async function issue(options: Partial<LeafOptions> = {}): Promise<Certificate> {
  return parseCertificate((await authority.issueClient({ subject: 'CN=client', ...VALID, ...options })).der);
}

/** id to result, of everything that is not a pass */
function objections(certificate: Certificate, now = NOW): Record<string, string> {
  const failed = checkLeaf(certificate, now).filter(({ result }) => result !== 'pass');
  return Object.fromEntries(failed.map(({ id, result }) => [id, result]));
}

describe('a leaf', () => {
  it('that is sound passes every check, each one answered', async () => {
    const checks = checkLeaf(await issue(), NOW);
    expect(checks.map(({ id }) => id)).toEqual(IDS);
    for (const check of checks) {
      expect(check).toMatchObject({ result: 'pass', hint: '' });
      expect(check.observed).not.toBe('');
      expect(check.expected).not.toBe('');
    }
  });

  it.each([
    ['CA:TRUE', { ca: true }, { ca_certificate: 'fail' }],
    ['an RSA key of 1024 bits', { key: 'RSA-1024' }, { weak_key: 'fail' }],
    ['a key on another curve', { key: 'secp256k1' }, { weak_key: 'fail' }],
    ['a SHA-1 signature', { hash: 'SHA-1' }, { weak_signature: 'fail' }],
    ['extended key usage of a server', { extendedKeyUsage: ['serverAuth'] }, { extended_key_usage: 'fail' }],
    ['any extended key usage', { extendedKeyUsage: ['2.5.29.37.0'] }, { extended_key_usage: 'fail' }],
    ['no extended key usage', { extendedKeyUsage: null }, { extended_key_usage: 'warn' }],
    [
      'a critical extension nobody knows',
      { extensions: [{ oid: '1.3.6.1.4.1.55555.1', critical: true, value: Buffer.from('0500', 'hex') }] },
      { unknown_critical_extension: 'fail' },
    ],
    ['several faults', { ca: true, key: 'RSA-1024' }, { ca_certificate: 'fail', weak_key: 'fail' }],
  ] as Array<[string, Partial<LeafOptions>, Record<string, string>]>)(
    'with %s is told so, and nothing else',
    async (_, options, expected) => {
      const certificate = await issue(options);
      expect(objections(certificate)).toEqual(expected);
      for (const { result, hint } of checkLeaf(certificate, NOW)) expect(hint === '').toBe(result === 'pass');
    },
  );

  it.each([
    ['a P-384 key', { key: 'P-384' }],
    ['a P-521 key', { key: 'P-521' }],
    ['an RSA key of 2048 bits', { key: 'RSA-2048' }],
    ['an Ed25519 key', { key: 'Ed25519' }],
    ['a SHA-384 signature', { hash: 'SHA-384' }],
    ['a SHA-512 signature', { hash: 'SHA-512' }],
    ['both extended key usages', { extendedKeyUsage: ['serverAuth', 'clientAuth'] }],
    [
      'an extension nobody knows that is not critical',
      { extensions: [{ oid: '1.3.6.1.4.1.55555.1', critical: false, value: Buffer.from('0500', 'hex') }] },
    ],
  ] as Array<[string, Partial<LeafOptions>]>)('with %s passes', async (_, options) => {
    expect(objections(await issue(options))).toEqual({});
  });

  it('is valid from the first second of its dates to the last, both included', async () => {
    const certificate = await issue();
    const after = (date: Date, milliseconds: number) => new Date(date.getTime() + milliseconds);
    expect(objections(certificate, after(VALID.notBefore, -1))).toEqual({ not_yet_valid: 'fail' });
    expect(objections(certificate, VALID.notBefore)).toEqual({});
    expect(objections(certificate, VALID.notAfter)).toEqual({});
    expect(objections(certificate, after(VALID.notAfter, 1))).toEqual({ expired: 'fail' });
  });

  it('is not judged by a date that is none', async () => {
    const certificate = await issue();
    expect(() => checkLeaf(certificate, new Date(Number.NaN))).toThrow(TypeError);
  });

  it.each([
    ['may sign', ['digitalSignature'], 'pass'],
    ['may sign among others', ['digitalSignature', 'keyEncipherment'], 'pass'],
    ['is not limited', null, 'pass'],
    ['may encipher keys only', ['keyEncipherment'], 'fail'],
    ['may agree on keys only', ['keyAgreement'], 'fail'],
    ['may do nothing', [], 'fail'],
  ] as const)('whose key %s: %j, %s', async (_, keyUsage, result) => {
    const stated = keyUsage && [...keyUsage];
    const { der } = await mintCertificate({ subject: 'CN=client', ...VALID, keyUsage: stated });
    expect(objections(parseCertificate(der))).toEqual(result === 'pass' ? {} : { key_usage: 'fail' });
  });

  it('with a key or a signature algorithm nobody listed fails', async () => {
    const certificate = await issue();
    const unknown = { oid: '1.3.6.1.4.1.55555.9', name: '1.3.6.1.4.1.55555.9' };
    expect(objections({ ...certificate, signatureAlgorithm: unknown })).toEqual({ weak_signature: 'fail' });
    const md5 = { oid: '1.2.840.113549.1.1.4', name: 'md5WithRSAEncryption' };
    expect(objections({ ...certificate, signatureAlgorithm: md5 })).toEqual({ weak_signature: 'fail' });
    const pss = { oid: '1.2.840.113549.1.1.10', name: 'rsassaPss-with-SHA1' };
    expect(objections({ ...certificate, signatureAlgorithm: pss })).toEqual({ weak_signature: 'fail' });
    expect(objections({ ...certificate, key: { type: 'other' } })).toEqual({ weak_key: 'fail' });
    expect(objections({ ...certificate, key: { type: 'ec' } })).toEqual({ weak_key: 'fail' });
    expect(objections({ ...certificate, key: { type: 'rsa' } })).toEqual({ weak_key: 'fail' });
    for (const exponent of ['1', '3', '65538']) {
      expect(objections({ ...certificate, key: { type: 'rsa', bits: 2048, exponent } })).toEqual({ weak_key: 'fail' });
    }
    expect(objections({ ...certificate, key: { type: 'rsa', bits: 2048, exponent: '65539' } })).toEqual({});
  });
});

describe('the texts of a check', () => {
  it('name what was seen, in terms an operator can act on', async () => {
    const bad = await issue({
      key: 'RSA-1024',
      hash: 'SHA-1',
      extendedKeyUsage: ['serverAuth', '1.3.6.1.4.1.55555.7'],
    });
    const observed = Object.fromEntries(checkLeaf(bad, NOW).map((check) => [check.id, check.observed]));
    expect(observed).toEqual({
      not_yet_valid: 'valid from 2026-06-01T00:00:00Z, now 2026-06-15T12:00:00Z',
      expired: 'valid until 2026-07-01T00:00:00Z, now 2026-06-15T12:00:00Z',
      ca_certificate: 'no certificate authority',
      weak_key: 'RSA, 1024 bits',
      weak_signature: 'ecdsa-with-SHA1 (1.2.840.10045.4.1)',
      key_usage: 'digitalSignature',
      extended_key_usage: 'serverAuth, 1.3.6.1.4.1.55555.7',
      unknown_critical_extension: 'no such extension',
    });
  });
});
