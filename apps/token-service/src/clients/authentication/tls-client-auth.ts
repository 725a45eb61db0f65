import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';
import { carriesSubject, SUBJECT_KINDS, type SubjectKind, type SubjectValue } from '@partner-ecosystem/x509';
import { presentedNames } from '../certificate-policy/presented-certificate.js';
import { VerdictMemory } from '../certificate-policy/verdict-memory.js';
import { invalidClient } from '../../oauth-error/oauth-error.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';

const carrying = new VerdictMemory<true>();

/**
 * RFC 8705 section 2.1: the certificate carries the one subject value registered for the client. // A12
 * @throws OAuthError `invalid_client`
 *
 * Does not check: who vouches for the name; that is the certificate policy's part, which comes first.
 */
export function tlsClientAuth(client: RegisteredClient, evidence: CertificateEvidence): void {
  if (carrying.recall(client, evidence.thumbprint)) return;
  const subject = subjectOf(client);
  const certificate = presentedNames(evidence);
  if (!carriesSubject(certificate, subject)) {
    const names = certificate.subjectAlternativeNames.map(({ kind, value }) => `${kind}:${value}`).join(' ');
    throw invalidClient(
      `${subject.kind}_mismatch`,
      `expected ${subject.kind} ${JSON.stringify(subject.value)}, the certificate ${evidence.thumbprint} carries subject ${JSON.stringify(certificate.subject.text)} and names ${JSON.stringify(names)}`,
    );
  }
  carrying.remember(client, evidence.thumbprint, true);
}

/**
 * The one value every certificate of the client has to carry. // A12
 * @throws OAuthError `invalid_client` when the registration has none, or several
 */
function subjectOf(client: RegisteredClient): SubjectValue {
  const values: Record<SubjectKind, string | null> = {
    subject_dn: client.subjectDn,
    san_dns: client.sanDns,
    san_uri: client.sanUri,
    san_ip: client.sanIp,
    san_email: client.sanEmail,
  };
  const registered = SUBJECT_KINDS.flatMap((kind) => {
    const value = values[kind];
    return value === null ? [] : [{ kind, value }];
  });
  const [subject, ...others] = registered;
  if (!subject) throw invalidClient('subject_not_registered', 'no subject value is registered for the client');
  if (others.length > 0) {
    throw invalidClient(
      'subject_ambiguous',
      `several subject values: ${registered.map(({ kind }) => kind).join(', ')}`,
    );
  }
  return subject;
}
