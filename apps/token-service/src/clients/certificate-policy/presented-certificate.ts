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
