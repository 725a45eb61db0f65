import { generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto';
import {
  createCertificationRequest,
  mintCertificate,
  mintCrl,
  requestAttributes,
  type MintOptions,
} from '@partner-ecosystem/test-pki';
import type { Chain, Inputs } from './inputs.js';
import * as extension from './minted-extensions.js';

const LIST_URI = 'http://lists.example/a.crl';

/** The inputs, made anew: no key and no certificate has to be kept. */
export async function mintedInputs(): Promise<Inputs> {
  const [selfSignedKeySets, absentForms, policies, lists, unreadable] = await Promise.all([
    mintedSelfSigned(),
    mintedAbsentForms(),
    mintedPolicies(),
    mintedLists(),
    mintedUnreadable(),
  ]);
  const subjectDn = 'UID=1,jurisdictionCountryName=BR,CN=api.example';
  return { keySets: mintedKeySets(), selfSignedKeySets, absentForms, policies, lists, unreadable, subjectDn };
}

const jwk = (key: KeyObject): object => key.export({ format: 'jwk' });

// RFC 7517 sections 4 and 5: what is not understood is passed over
function mintedKeySets(): Inputs['keySets'] {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const usable = { ...jwk(publicKey), kid: 'a', use: 'sig', alg: 'ES256' };
  const rsa = jwk(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey);
  const p384 = jwk(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey);
  const beside = (key: object): object => ({ keys: [usable, key] });
  const saying = (members: object): object => ({ keys: [{ ...usable, ...members }] });
  return {
    'dotnet-empty-arrays': saying({ key_ops: [], oth: [], x5c: [] }),
    'enc-key-beside': beside({ ...rsa, kid: 'e', use: 'enc', alg: 'RSA-OAEP' }),
    'extra-top-level-member': { ...saying({}), cache_until: 1 },
    'ml-dsa-beside': beside({ kty: 'AKP', alg: 'ML-DSA-65', kid: 'pq', pub: 'AAAA' }),
    'p384-beside': beside({ ...p384, kid: 'b', alg: 'ES384' }),
    'unknown-member': saying({ iat: 1_700_000_000, exp: 1_999_999_999 }),
    x5t: saying({ x5t: Buffer.from('testtesttesttesttest').toString('base64url') }),
    x5u: saying({ x5u: 'https://keystore.example/a.pem' }),
  };
}

async function mintedSelfSigned(): Promise<Inputs['selfSignedKeySets']> {
  const keySet = async (kind: 'P-384' | 'RSA-2048', alg?: string): Promise<object> => {
    const { certificatePem } = await mintCertificate({ subject: 'CN=partner', key: kind });
    const { raw, publicKey } = new X509Certificate(certificatePem);
    return { keys: [{ ...jwk(publicKey), kid: 'a', ...(alg && { alg }), x5c: [raw.toString('base64')] }] };
  };
  return { p384: await keySet('P-384'), 'rsa-alg-rs256': await keySet('RSA-2048', 'RS256') };
}

/** A root, an intermediate that says something, and a leaf. */
async function chainWith(intermediate: Partial<MintOptions>, leaf: Partial<MintOptions>): Promise<Chain> {
  const root = await mintCertificate({ subject: 'CN=Case Root,O=Case PKI', authority: true });
  const between = { subject: 'CN=Case Issuing CA,O=Case PKI', authority: true, issuer: root };
  const issuer = await mintCertificate({ ...between, ...intermediate });
  const { certificatePem } = await mintCertificate({ subject: 'CN=host,O=Partner', issuer, ...leaf });
  return { anchor: root.certificatePem, chain: certificatePem + issuer.certificatePem };
}

// RFC 5280 section 4.2.1.10: a constraint on a form of name that the leaf does not have
async function mintedAbsentForms(): Promise<Inputs['absentForms']> {
  const leaf = { names: [{ dns: 'h.corp.example' }] };
  const dns = { dns: 'corp.example' };
  const other = { other: '@corp.example' };
  return {
    'nc-othername-excluded': await chainWith({ nameConstraints: { excluded: [{ other: '@evil.example' }] } }, leaf),
    'nc-othername-permitted': await chainWith({ nameConstraints: { permitted: [other, dns] } }, leaf),
    'nc-registeredid': await chainWith({ nameConstraints: { permitted: [{ id: '1.2.3' }, dns] } }, leaf),
  };
}

async function mintedPolicies(): Promise<Inputs['policies']> {
  const { certificatePolicies, inhibitAnyPolicy, policyConstraints, policyMappings } = extension;
  const leaf = { extensions: [certificatePolicies] };
  const satisfied = [certificatePolicies, policyConstraints({ explicit: 0, mapping: 0 })];
  const unsatisfied = [policyConstraints({ explicit: 0, critical: false })];
  return {
    inhibitAnyPolicy: await chainWith({ extensions: [inhibitAnyPolicy, certificatePolicies] }, leaf),
    'noncritical-require-explicit-unsatisfied': await chainWith({ extensions: unsatisfied }, {}),
    'policyConstraints-satisfied': await chainWith({ extensions: satisfied }, leaf),
    policyConstraints: await chainWith({ extensions: [policyConstraints({ explicit: 5 })] }, {}),
    policyMappings: await chainWith({ extensions: [policyMappings] }, {}),
  };
}

async function mintedLists(): Promise<Inputs['lists']> {
  const listed = async (revokes: boolean): Promise<Inputs['lists']['good']> => {
    const issuer = await mintCertificate({ subject: 'CN=Case CRL CA,O=Case PKI', authority: true });
    const extensions = [extension.distributionPoint(LIST_URI)];
    const leaf = await mintCertificate({ subject: 'CN=host,O=Partner', issuer, extensions });
    const der = mintCrl({
      issuer,
      extensions: [extension.issuingDistributionPoint(LIST_URI)],
      revoked: revokes ? [{ serial: leaf.serial }] : [],
    });
    const list = `-----BEGIN X509 CRL-----\n${der.toString('base64')}\n-----END X509 CRL-----\n`;
    return { anchor: issuer.certificatePem, chain: leaf.certificatePem, list };
  };
  return { revoking: await listed(true), good: await listed(false) };
}

async function mintedUnreadable(): Promise<Inputs['unreadable']> {
  const keys = await createCertificationRequest();
  const compressed = compressedPoint(keys.spki);
  const [digitalSignature, clientAuth] = [
    Buffer.from('03020780', 'hex'),
    Buffer.from('300a06082b06010505070302', 'hex'),
  ];
  const attributes = [
    ...requestAttributes([{ oid: '2.5.29.15', critical: true, value: digitalSignature }]),
    ...requestAttributes([{ oid: '2.5.29.37', critical: false, value: clientAuth }]),
  ];
  const email = Buffer.from('jörg@example.com').toString('latin1'); // its octets are UTF-8
  return {
    'cert-utf8-in-san': (await mintCertificate({ subject: 'CN=x', names: [{ email }] })).certificatePem,
    'csr-compressed-point': (await createCertificationRequest({ keyOf: keys, spki: compressed })).pem,
    'csr-two-extension-requests': (await createCertificationRequest({ attributes })).pem,
    'csr-version-1': (await createCertificationRequest({ version: 1 })).pem,
  };
}

/** The SubjectPublicKeyInfo of a P-256 key with its point in the short form of SEC 1 section 2.3.3. */
function compressedPoint(spki: Buffer): Buffer {
  const [x, y] = [spki.subarray(-64, -32), spki.subarray(-32)];
  const algorithm = spki.subarray(2, 23);
  const point = Buffer.concat([Buffer.of(2 + (y.at(-1)! & 1)), x]);
  return Buffer.concat([Buffer.of(0x30, 57), algorithm, Buffer.of(0x03, 34, 0), point]);
}
