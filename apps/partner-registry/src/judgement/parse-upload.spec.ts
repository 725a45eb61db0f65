import { createAuthority, selfSigned, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseUpload } from './parse-upload.js';

let authority: Authority;
let leaf: Issued;
let root: string;
let intermediate: string;

beforeAll(async () => {
  authority = await createAuthority({ name: 'Root', intermediate: true });
  leaf = await authority.issueClient({ subject: 'CN=importer' });
  root = authority.certificatePem;
  intermediate = authority.bundlePem.slice(root.length);
});

const read = (...pems: string[]) => {
  const { leaf: found, chain, passedOver } = parseUpload({ pem: pems.join('') });
  return [found.subject.text, chain.map(({ subject }) => subject.text), passedOver];
};
const refused = (code: string) => expect.objectContaining({ code });

describe('a bundle', () => {
  it('is a leaf and its intermediates in every order; a root and what is not related are left out', async () => {
    const stranger = (await createAuthority({ name: 'Stranger' })).certificatePem;
    const expected = ['CN=importer', ['CN=Root Intermediate']];
    expect(read(leaf.certificatePem)).toEqual(['CN=importer', [], 0]);
    expect(read(leaf.certificatePem, intermediate)).toEqual([...expected, 0]);
    expect(read(root, intermediate, leaf.certificatePem)).toEqual([...expected, 1]);
    expect(read(stranger, intermediate, leaf.certificatePem, intermediate, root)).toEqual([...expected, 2]);
  });

  it('has exactly one leaf', async () => {
    const other = await authority.issueClient({ subject: 'CN=other' });
    const several = refused('certificate_bundle');
    expect(() => read(leaf.certificatePem, other.certificatePem, intermediate)).toThrow(several);
    const stranger = (await createAuthority({ name: 'Stranger' })).certificatePem;
    expect(() => read(root, stranger)).toThrow(several);
    expect(() => read(...Array.from({ length: 11 }, () => leaf.certificatePem))).toThrow(several);
  });

  it('of authorities only is the lowest of them, which the checks then refuse by name', () => {
    expect(read(root, intermediate)).toEqual(['CN=Root Intermediate', [], 1]);
  });

  it('may be a certificate that its owner signed', async () => {
    const own = await selfSigned({ subject: 'CN=own' });
    expect(read(own.certificatePem)).toEqual(['CN=own', [], 0]);
  });

  it('with a private key, another block or a broken certificate in it is refused as what it is', () => {
    const broken = intermediate.replace(/MII./, 'MIIX');
    expect(() => read(leaf.certificatePem, intermediate, leaf.privateKeyPem)).toThrow(
      refused('private_key_in_request'),
    );
    expect(() => read(leaf.certificatePem, broken)).toThrow(refused('certificate_malformed'));
    const request = '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n';
    expect(() => read(leaf.certificatePem, intermediate, request)).toThrow(refused('certificate_malformed'));
  });
});

describe('DER', () => {
  it('is one certificate', () => {
    expect(parseUpload({ der: leaf.der.toString('base64') }).leaf.thumbprint).toBe(leaf.thumbprint);
    const two = Buffer.concat([leaf.der, leaf.der]).toString('base64');
    expect(() => parseUpload({ der: two })).toThrow(refused('certificate_bundle'));
    expect(() => parseUpload({ der: '' })).toThrow(refused('certificate_malformed'));
    const key = Buffer.from(leaf.privateKeyPem.replace(/-----.*-----|\n/g, ''), 'base64');
    expect(() => parseUpload({ der: key.toString('base64') })).toThrow(refused('private_key_in_request'));
  });
});
