import {
  createCertificationRequest,
  requestAttribute,
  type CertificationRequestOptions,
} from '@partner-ecosystem/test-pki';
import { parseCertificationRequest, parseDistinguishedName } from '@partner-ecosystem/x509';
import { describe, expect, it } from 'vitest';
import { judgeCertificateRequest, type KeyFacts } from './judge-certificate-request.js';
import type { PlatformNames } from './platform-names.js';

const EXPECTED: PlatformNames = {
  subject: parseDistinguishedName('CN=importer,O=Acme'),
  names: [
    { kind: 'uri', value: 'urn:partner-ecosystem:client:cli_a' },
    { kind: 'dns', value: 'importer.acme.example' },
    { kind: 'ip', value: '2001:db8::1' },
  ],
};
const NEW: KeyFacts = { ofAnother: false, certified: false, compromised: false };
const IDS = [
  'proof_of_possession',
  'weak_key',
  'weak_signature',
  'subject_requested',
  'names_requested',
  'extensions_requested',
  'challenge_password',
  'key_known',
  'key_in_use',
];

async function judged(options: CertificationRequestOptions, key: Partial<KeyFacts> = {}) {
  const request = parseCertificationRequest((await createCertificationRequest(options)).der);
  return judgeCertificateRequest(request, EXPECTED, { ...NEW, ...key });
}

/** id to result, of everything that is not a pass */
async function objections(options: CertificationRequestOptions, key: Partial<KeyFacts> = {}) {
  const checks = await judged(options, key);
  return Object.fromEntries(checks.filter(({ result }) => result !== 'pass').map(({ id, result }) => [id, result]));
}

describe('a request', () => {
  it('that asks for nothing but a certificate passes every check, each one answered', async () => {
    const checks = await judged({});
    expect(checks.map(({ id }) => id)).toEqual(IDS);
    for (const { result, observed, expected, hint } of checks) {
      expect({ result, hint }).toEqual({ result: 'pass', hint: '' });
      expect(observed).not.toBe('');
      expect(expected).not.toBe('');
    }
  });

  it.each<[string, CertificationRequestOptions]>([
    ['the subject the platform writes', { subject: 'CN=importer,O=Acme' }],
    ['the same subject by the rules of X.501', { subject: 'CN=IMPORTER,O= acme ' }],
    ['every name the platform writes', { names: EXPECTED.names.map(({ kind, value }) => ({ [kind]: value })) }],
    ['one of the names', { names: [{ ip: '2001:db8::1' }] }],
    ['one of the names in another case', { names: [{ dns: 'Importer.Acme.Example' }] }],
    ['a TLS client’s certificate', { extendedKeyUsage: ['clientAuth'], keyUsage: ['digitalSignature'] }],
    ['no authority', { basicConstraints: { ca: false } }],
    ['what OpenSSL asks for by itself', { keyUsage: ['digitalSignature', 'nonRepudiation', 'keyEncipherment'] }],
  ])('for %s passes', async (_, options) => {
    expect(await objections(options)).toEqual({});
  });

  it.each<[string, CertificationRequestOptions]>([
    ['another subject', { subject: 'CN=admin,O=Acme' }],
    ['the subject with more', { subject: 'CN=importer,OU=Admins,O=Acme' }],
    ['the subject in another order', { subject: 'O=Acme,CN=importer' }],
    ['the subject with a character that does not show', { subject: 'CN=importer\\E2\\80\\8B,O=Acme' }],
  ])('A9: for %s is a forged one', async (_, options) => {
    expect(await objections(options)).toEqual({ subject_requested: 'fail' });
    const check = (await judged(options)).find(({ id }) => id === 'subject_requested')!;
    expect(check.expected).toBe('no subject, or CN=importer,O=Acme');
    expect(check.hint).not.toBe('');
  });

  it.each<[string, CertificationRequestOptions]>([
    ['another client', { names: [{ uri: 'urn:partner-ecosystem:client:cli_b' }] }],
    ['its own and another one’s', { names: [{ dns: 'importer.acme.example' }, { dns: 'bank.example' }] }],
    ['a wildcard', { names: [{ dns: '*.acme.example' }] }],
    ['the URI in another case', { names: [{ uri: 'URN:partner-ecosystem:client:cli_a' }] }],
    ['a DNS name as an address', { names: [{ email: 'importer.acme.example' }] }],
    ['a name of a kind nobody here reads', { names: [{ other: 'admin@acme.example' }] }],
    ['a directory name', { names: [{ dn: 'CN=importer,O=Acme' }] }],
  ])('A9: for the name of %s is refused', async (_, options) => {
    expect(await objections(options)).toEqual({ names_requested: 'fail' });
  });

  it.each<[string, CertificationRequestOptions]>([
    ['to be an authority', { basicConstraints: { ca: true } }],
    ['to sign certificates', { keyUsage: ['digitalSignature', 'keyCertSign'] }],
    ['to sign CRLs', { keyUsage: ['cRLSign'] }],
    ['to be a server', { extendedKeyUsage: ['clientAuth', 'serverAuth'] }],
    ['every purpose', { extendedKeyUsage: ['2.5.29.37.0'] }],
    ['a purpose nobody knows', { extendedKeyUsage: ['1.3.6.1.4.1.55555.7'] }],
  ])('that asks %s is refused', async (_, options) => {
    expect(await objections(options)).toEqual({ extensions_requested: 'fail' });
  });

  it('for extensions that mean no harm is told that it will not get them', async () => {
    const unknown = { oid: '1.3.6.1.4.1.55555.1', critical: false, value: Buffer.from('0500', 'hex') };
    expect(await objections({ extensions: [unknown] })).toEqual({ extensions_requested: 'warn' });
  });

  it('with a challenge password in it is refused: it would be kept, and shown to others', async () => {
    const password = requestAttribute('1.2.840.113549.1.9.7', Buffer.from('0c03616263', 'hex'));
    const checks = await judged({ attributes: [password] });
    expect(checks.filter(({ result }) => result === 'fail').map(({ id }) => id)).toEqual(['challenge_password']);
    expect(JSON.stringify(checks)).not.toContain('abc');
  });

  it('with a key that has or had a certificate, was compromised, or is another partner’s is refused', async () => {
    expect(await objections({}, { certified: true })).toEqual({ key_known: 'fail' });
    expect(await objections({}, { compromised: true })).toEqual({ key_known: 'fail' });
    expect(await objections({}, { ofAnother: true })).toEqual({ key_in_use: 'fail' });
  });

  it('is told everything that is wrong with it at once', async () => {
    const options = {
      ...({ key: 'RSA-1024', scheme: 'SHA-1', forged: true } as const),
      subject: 'CN=admin',
      names: [{ dns: 'bank.example' }],
      basicConstraints: { ca: true },
    };
    const failed = Object.keys(await objections(options, { certified: true, ofAnother: true }));
    expect(failed).toEqual(IDS.filter((id) => id !== 'challenge_password'));
  });

  it('says what it observed without control characters, and in bounded length', async () => {
    const checks = await judged({ names: [{ dns: 'a\u0000\u001b[31mb' }, { dns: 'x'.repeat(5000) }] });
    const { observed } = checks.find(({ id }) => id === 'names_requested')!;
    expect(observed).toMatch(/^dns:a\ufffd\ufffd\[31mb, dns:x+$/);
    expect(observed.length).toBeLessThanOrEqual(1000);
  });
});
