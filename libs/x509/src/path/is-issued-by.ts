import type { Certificate } from '../certificate/certificate.js';

/** Whether the key of `issuer` signed the certificate. Does not check: names, or anything else. */
export function isIssuedBy(subject: Certificate, issuer: Certificate): boolean {
  try {
    return subject.x509.verify(issuer.x509.publicKey);
  } catch {
    // a key or an algorithm that OpenSSL does not take
    return false;
  }
}
