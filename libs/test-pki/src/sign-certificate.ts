import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { SignatureHash } from './leaf-options.js';

export interface Signer {
  name: x509.Name;
  pair: webcrypto.CryptoKeyPair;
}

export interface CertificateContent {
  subject: x509.Name;
  /** SubjectPublicKeyInfo, DER */
  spki: Buffer;
  notBefore: Date;
  notAfter: Date;
  hash?: SignatureHash | undefined;
  extensions: x509.Extension[];
}

/** Signs one certificate with a random serial number and both key identifiers; gives DER. */
export async function signCertificate(content: CertificateContent, signer: Signer): Promise<Buffer> {
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: randomSerial(),
      subject: content.subject,
      issuer: signer.name,
      notBefore: wholeSeconds(content.notBefore),
      notAfter: wholeSeconds(content.notAfter),
      publicKey: content.spki,
      signingKey: signer.pair.privateKey,
      signingAlgorithm: signingAlgorithm(signer.pair.privateKey, content.hash ?? 'SHA-256'),
      extensions: [
        ...content.extensions,
        await x509.SubjectKeyIdentifierExtension.create(content.spki),
        await x509.AuthorityKeyIdentifierExtension.create(signer.pair.publicKey),
      ],
    },
    webcrypto,
  );
  return Buffer.from(certificate.rawData);
}

function signingAlgorithm(key: webcrypto.CryptoKey, hash: SignatureHash): { name: string; hash?: string } {
  return key.algorithm.name === 'Ed25519' ? { name: 'Ed25519' } : { name: key.algorithm.name, hash };
}

/** RFC 5280 4.1.2.2: positive, at most 20 octets; hex */
export function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString('hex');
}

// RFC 5280 4.1.2.5: no fractions of a second
function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}
