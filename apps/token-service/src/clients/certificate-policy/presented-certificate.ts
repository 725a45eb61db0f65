import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';
import { parseCertificate, X509Error, type Certificate } from '@partner-ecosystem/x509';
import { invalidClient } from '../../oauth-error/oauth-error.js';

/** @throws OAuthError `invalid_client` when the certificate of the connection cannot be read */
export function presentedCertificate({ der, thumbprint }: CertificateEvidence): Certificate {
  try {
    return parseCertificate(der);
  } catch (cause) {
    if (!(cause instanceof X509Error)) throw cause;
    throw invalidClient('certificate_malformed', `the presented certificate ${thumbprint} cannot be read`, { cause });
  }
}

export type CertificateNames = Pick<Certificate, 'subject' | 'subjectAlternativeNames'>;

// Read once for each connection: that costs more than all else a token does. No more than the names is kept for so long.
const names = new WeakMap<CertificateEvidence, CertificateNames>();

/** @throws OAuthError `invalid_client` when the certificate of the connection cannot be read */
export function presentedNames(evidence: CertificateEvidence): CertificateNames {
  const known = names.get(evidence);
  if (known) return known;
  const { subject, subjectAlternativeNames } = presentedCertificate(evidence);
  const read = { subject, subjectAlternativeNames };
  names.set(evidence, read);
  return read;
}
