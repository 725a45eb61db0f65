import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';
import { parseDistinguishedName, sameDistinguishedName } from '@partner-ecosystem/x509';
import { invalidClient, OAuthError } from '../../oauth-error/oauth-error.js';
import type { RegisteredClient } from '../registered-client.entity.js';
import { presentedCertificate } from './presented-certificate.js';

/** The certificate is not one of the client's: tells the operator what it is instead. Off the hot path. */
export function whyUnregistered(client: RegisteredClient, evidence: CertificateEvidence, now: Date): OAuthError {
  if (client.revokedCertificates.some(({ thumbprint }) => thumbprint === evidence.thumbprint)) {
    return invalidClient('certificate_revoked', `the certificate ${evidence.thumbprint} was revoked`);
  }
  const presented = presentedCertificate(evidence);
  const about = `presented ${evidence.thumbprint}, subject "${presented.subject.text}", issuer "${presented.issuer.text}"`;
  if (presented.notAfter < now) return invalidClient('certificate_expired', `an expired certificate: ${about}`);
  if (presented.notBefore > now)
    return invalidClient('certificate_not_yet_valid', `a certificate not yet valid: ${about}`);
  const sameName =
    client.subjectDn !== null && sameDistinguishedName(presented.subject, parseDistinguishedName(client.subjectDn));
  const hint = sameName
    ? 'it carries the registered subject, which alone proves nothing'
    : 'its subject is not the registered one either';
  return invalidClient('certificate_not_registered', `not an active certificate of this client, ${hint}: ${about}`);
}
