import { createHash, X509Certificate } from 'node:crypto';

/** A certificate with its private key. Exists in memory only: nothing here writes to disk. */
export interface Issued {
  /** the leaf alone, PEM */
  certificatePem: string;
  /** PKCS#8, PEM, not encrypted */
  privateKeyPem: string;
  /** leaf, then the intermediate if the authority has one; PEM */
  chainPem: string;
  /** the leaf, DER */
  der: Buffer;
  /** RFC 8705 `x5t#S256` of the leaf: base64url(SHA-256(DER)), 43 characters */
  thumbprint: string;
}

export function issuedFrom(der: Uint8Array, privateKeyPem: string, intermediatesPem = ''): Issued {
  const leaf = Buffer.from(der);
  const certificatePem = new X509Certificate(leaf).toString();
  return {
    certificatePem,
    privateKeyPem,
    chainPem: certificatePem + intermediatesPem,
    der: leaf,
    thumbprint: createHash('sha256').update(leaf).digest('base64url'),
  };
}
