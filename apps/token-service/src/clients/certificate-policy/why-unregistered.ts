import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';
import { parseDistinguishedName, sameDistinguishedName, type Certificate } from '@partner-ecosystem/x509';
import { invalidClient, OAuthError } from '../../oauth-error/oauth-error.js';
import type { RegisteredClient, RevokedCertificate } from '../../records/registered-client.entity.js';
import { presentedCertificate } from './presented-certificate.js';
import { withSameContents } from './same-contents.js';

/** The certificate is not one of the client's: tells the operator what it is instead. Off the hot path. */
export function whyUnregistered(client: RegisteredClient, evidence: CertificateEvidence, now: Date): OAuthError {
  const presented = presentedCertificate(evidence);
  const revoked = withSameContents(client.revokedCertificates, presented);
  if (revoked) return certificateRevoked(revoked, presented);
  const about = `presented ${evidence.thumbprint}, subject "${presented.subject.text}", issuer "${presented.issuer.text}"`;
  if (presented.notAfter < now) return invalidClient('certificate_expired', `an expired certificate: ${about}`);
  if (presented.notBefore > now)
    return invalidClient('certificate_not_yet_valid', `a certificate not yet valid: ${about}`);
  const sameName =
    client.subjectDn !== null && sameDistinguishedName(presented.subject, parseDistinguishedName(client.subjectDn));
  const twin = withSameContents(client.certificates, presented);
  const hint = twin
    ? `it is ${twin.thumbprint} with another signature`
    : sameName
      ? 'it carries the registered subject, which alone proves nothing'
      : 'its subject is not the registered one either';
  return invalidClient('certificate_not_registered', `not an active certificate of this client, ${hint}: ${about}`);
}

/** For the log: which certificate was revoked, where another signature was presented. // A37 */
export function certificateRevoked(revoked: RevokedCertificate, { thumbprint }: Certificate): OAuthError {
  const twin = revoked.thumbprint === thumbprint ? '' : `, presented as ${thumbprint} with another signature`;
  return invalidClient('certificate_revoked', `the client's certificate ${revoked.thumbprint} was revoked${twin}`);
}
