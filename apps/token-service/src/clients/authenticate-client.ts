import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';
import { parseCertificate, parseDistinguishedName, sameDistinguishedName, X509Error } from '@partner-ecosystem/x509';
import { invalidClient } from '../oauth-error/oauth-error.js';
import type { RegisteredCertificate, RegisteredClient } from './registered-client.entity.js';

/** Who is asking, proven. The only thing later steps look at. // A15 */
export interface AuthenticatedClient {
  readonly client: RegisteredClient;
  readonly certificate: RegisteredCertificate;
  /** Until when the certificate may be used: its `notAfter`, or earlier when it is to be retired. */
  readonly certificateUsableUntil: Date;
}

/**
 * RFC 8705 client authentication: the client is found by its id, then the certificate is judged, never the other way
 * round. // A10, A11
 * @param client what the registry knows under the `client_id` of the request
 * @throws OAuthError `invalid_client`, naming the failed check for the log
 *
 * Does not check: the certificate's path and subject value; the registry judges both before a certificate becomes active.
 */
export function authenticateClient(
  client: RegisteredClient | undefined,
  evidence: CertificateEvidence,
  now: Date,
): AuthenticatedClient {
  if (!client) throw invalidClient('client_unknown', 'no client with this client_id');
  assertUsable(client);
  // The method comes from the registration, never from what the caller presents. // A15
  if (client.authenticationMethod !== 'tls_client_auth' || client.certificatePolicy !== 'registered_only') {
    throw invalidClient(
      'method_not_supported',
      `${client.authenticationMethod} with ${client.certificatePolicy} is not served here`,
    );
  }
  const certificate = client.certificates.find(({ thumbprint }) => thumbprint === evidence.thumbprint);
  if (!certificate) throw whyUnregistered(client, evidence, now);
  return { client, certificate, certificateUsableUntil: assertWithinDates(certificate, now) };
}

function assertUsable(client: RegisteredClient): void {
  if (client.clientStatus !== 'active')
    throw invalidClient('client_not_active', `the client is ${client.clientStatus}`);
  if (client.partnerStatus !== 'active')
    throw invalidClient('partner_not_active', `the partner is ${client.partnerStatus}`);
  if (!client.usable) throw invalidClient('client_not_usable', 'the registry does not let this client be used');
}

// Dates are judged when a token is asked for, so a late job keeps nobody in.
function assertWithinDates(certificate: RegisteredCertificate, now: Date): Date {
  if (new Date(certificate.not_before) > now) {
    throw invalidClient('certificate_not_yet_valid', `the certificate is valid from ${certificate.not_before}`);
  }
  const ends = [certificate.not_after, certificate.retire_at].filter((end) => end !== null).map((end) => new Date(end));
  const end = new Date(Math.min(...ends.map((date) => date.getTime())));
  // A certificate in its last second is over: no token could be shorter (A27).
  if (!(end.getTime() - now.getTime() >= 1000)) {
    const retired = certificate.retire_at !== null && new Date(certificate.retire_at) <= now;
    throw invalidClient(
      retired ? 'certificate_retired' : 'certificate_expired',
      `the certificate ended at ${end.toISOString()}`,
    );
  }
  return end;
}

/** The certificate is not one of the client's: tell the operator what it is instead. Off the hot path. */
function whyUnregistered(client: RegisteredClient, evidence: CertificateEvidence, now: Date): Error {
  try {
    const presented = parseCertificate(evidence.der);
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
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    return invalidClient('certificate_malformed', `the presented certificate ${evidence.thumbprint} cannot be read`, {
      cause: error,
    });
  }
}
