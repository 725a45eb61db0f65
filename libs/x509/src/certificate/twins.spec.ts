import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mintCertificate, mintTwin, type Minted } from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { childrenOf, readElement, tag } from '../der/der-reader.js';
import { parseCertificate } from './parse-certificate.js';

const malformed = expect.objectContaining({ code: 'certificate_malformed' });

let root: Minted;
let leaf: Minted;
beforeAll(async () => {
  root = await mintCertificate({ subject: 'CN=Root', authority: true });
  leaf = await mintCertificate({ subject: 'CN=client', issuer: root });
});

// definite lengths, in as many octets as asked for
function element(identifier: number, content: Buffer, lengthOctets?: number): Buffer {
  const shortest = content.length < 0x80 ? 0 : content.length < 0x100 ? 1 : 2;
  const octets = lengthOctets ?? shortest;
  const length = Buffer.alloc(Math.max(octets, 1));
  length.writeUIntBE(content.length, 0, length.length);
  return Buffer.concat([Buffer.from(octets === 0 ? [identifier] : [identifier, 0x80 | octets]), length, content]);
}
const partsOf = (der: Buffer) => childrenOf(readElement(der, tag.sequence), tag.sequence);
const assembled = (...parts: Buffer[]) => element(tag.sequence, Buffer.concat(parts));

describe('A37: a certificate with another signature over the same contents', () => {
  it('is valid under its authority, has another thumbprint, and the same contents', () => {
    const [one, twin] = [parseCertificate(leaf.der), parseCertificate(mintTwin(leaf).der)];
    expect(twin.x509.verify(parseCertificate(root.der).x509.publicKey)).toBe(true);
    expect(twin.thumbprint).not.toBe(one.thumbprint);
    expect(twin.tbsSha256).toBe(one.tbsSha256);
    expect(twin.tbsSha256).not.toBe(parseCertificate(root.der).tbsSha256);
  });

  it.each<[string, (parts: [Buffer, Buffer, Buffer], signature: Buffer) => Buffer]>([
    ['an outer length longer than needed', (parts) => element(tag.sequence, Buffer.concat(parts), 3)],
    [
      'a signature whose length is longer than needed',
      ([tbs, algorithm], content) => assembled(tbs, algorithm, element(tag.bitString, content, 1)),
    ],
    [
      'a signature with unused bits',
      ([tbs, algorithm], content) =>
        assembled(
          tbs,
          algorithm,
          element(tag.bitString, Buffer.concat([Buffer.of(1), content.subarray(1, -1), Buffer.of(0)])),
        ),
    ],
    [
      'a signature in parts',
      ([tbs, algorithm], content) => assembled(tbs, algorithm, element(0x23, element(tag.bitString, content))),
    ],
    [
      'a signature algorithm with parameters outside alone',
      ([tbs, , signature]) =>
        assembled(tbs, element(tag.sequence, Buffer.from('06082a8648ce3d0403020500', 'hex')), signature),
    ],
    ['a fourth part', (parts) => assembled(...parts, Buffer.from('0500', 'hex'))],
    ['octets behind it', (parts) => Buffer.concat([assembled(...parts), Buffer.of(0)])],
    ['an indefinite length', (parts) => Buffer.concat([Buffer.of(0x30, 0x80), ...parts, Buffer.of(0, 0)])],
  ])('is no certificate with %s', (_, changed) => {
    const [tbs, algorithm, signature] = partsOf(leaf.der);
    const parts: [Buffer, Buffer, Buffer] = [tbs!.encoded, algorithm!.encoded, signature!.encoded];
    expect(assembled(...parts)).toEqual(leaf.der);
    expect(() => parseCertificate(changed(parts, signature!.content))).toThrow(malformed);
  });
});

describe('A37: one key has one hash, however its certificates encode it', () => {
  const certified = async (spki: Buffer) => {
    const keyOf = { ...leaf, spki };
    return parseCertificate((await mintCertificate({ subject: 'CN=client', issuer: root, keyOf })).der);
  };
  const usual = (spki: Buffer) => createPublicKey({ key: spki, format: 'der', type: 'spki' });

  it('with a compressed point', async () => {
    const { x, y } = usual(leaf.spki).export({ format: 'jwk' });
    const sign = Buffer.from(y!, 'base64url').at(-1)! & 1 ? 3 : 2;
    const point = Buffer.concat([Buffer.of(0, sign), Buffer.from(x!, 'base64url')]);
    const algorithm = childrenOf(readElement(leaf.spki, tag.sequence), tag.sequence)[0]!.encoded;
    const [one, other] = [
      await certified(leaf.spki),
      await certified(assembled(algorithm, element(tag.bitString, point))),
    ];
    expect(other.keySha256).toBe(one.keySha256);
    expect(other.spkiSha256).not.toBe(one.spkiSha256);
    expect(one.keySha256).toBe(one.spkiSha256);
  });

  it('with an RSA key that is limited to PSS, and one without parameters', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const spki = publicKey.export({ format: 'der', type: 'spki' });
    const key = childrenOf(readElement(spki, tag.sequence), tag.sequence)[1]!.encoded;
    const pss = assembled(element(tag.sequence, Buffer.from('06092a864886f70d01010a', 'hex')), key);
    const bare = assembled(element(tag.sequence, Buffer.from('06092a864886f70d010101', 'hex')), key);
    const [one, ...others] = await Promise.all([spki, pss, bare].map(certified));
    expect(one!.keySha256).toBe(one!.spkiSha256);
    expect(others.map(({ keySha256 }) => keySha256)).toEqual([one!.keySha256, one!.keySha256]);
  });

  it('and of what cannot be written anew the hash of what stands there', async () => {
    const { publicKey } = generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 });
    const { keySha256, spkiSha256 } = await certified(publicKey.export({ format: 'der', type: 'spki' }));
    expect(keySha256).toBe(spkiSha256);
  });
});
