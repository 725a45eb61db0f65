import { createHash } from 'node:crypto';
import { parseCertificate, X509Error, type Certificate } from '@partner-ecosystem/x509';
import { publicKeyOf, type KeySet, type PublicJwk } from './key-set.schema.js';

/** A key of a client's set, as far as the registry looks into it. */
export interface ClientKey {
  readonly kid: string;
  /** lower-case hex of SHA-256 over SubjectPublicKeyInfo: what tells whose key it is */
  readonly spkiSha256: string;
  /** the first of `x5c` */
  readonly certificate: Certificate | undefined;
}

export interface KeyFault {
  /** JSON pointer within the set */
  readonly pointer: string;
  readonly detail: string;
}

/**
 * The keys of a set with the certificates they come with. Faults: a certificate that cannot be read, one of another key,
 * one that `needsCertificate` asks for and that is missing, and a thumbprint that is not the certificate's.
 * Does not check: dates and strength of the certificates.
 */
export function clientKeys(set: KeySet, needsCertificate: boolean): { keys: ClientKey[]; faults: KeyFault[] } {
  const read = set.keys.map((jwk, at) => clientKey(jwk, `/keys/${at}`, needsCertificate));
  return { keys: read.map(({ key }) => key), faults: read.flatMap(({ faults }) => faults) };
}

function clientKey(jwk: PublicJwk, pointer: string, needsCertificate: boolean): { key: ClientKey; faults: KeyFault[] } {
  const spki = publicKeyOf(jwk).export({ type: 'spki', format: 'der' });
  const spkiSha256 = createHash('sha256').update(spki).digest('hex');
  const certificate = jwk.x5c && certificateOf(jwk.x5c[0]!);
  const faults = [
    ...(jwk.x5c || !needsCertificate
      ? []
      : [{ pointer: `${pointer}/x5c`, detail: 'expected the certificate of the key' }]),
    ...(certificate === null ? [{ pointer: `${pointer}/x5c/0`, detail: 'is not an X.509 certificate' }] : []),
    ...(certificate && certificate.spkiSha256 !== spkiSha256
      ? [{ pointer: `${pointer}/x5c/0`, detail: 'is the certificate of another key' }]
      : []),
    ...(jwk['x5t#S256'] !== undefined && jwk['x5t#S256'] !== certificate?.thumbprint
      ? [{ pointer: `${pointer}/x5t#S256`, detail: 'is not the thumbprint of x5c' }]
      : []),
  ];
  return { key: { kid: jwk.kid, spkiSha256, certificate: certificate ?? undefined }, faults };
}

function certificateOf(base64: string): Certificate | null {
  try {
    return parseCertificate(Buffer.from(base64, 'base64'));
  } catch (error) {
    if (error instanceof X509Error) return null;
    throw error;
  }
}
