import { parseDistinguishedName, sameDistinguishedName, type Certificate } from '@partner-ecosystem/x509';
import type { SubjectField, SubjectValue } from './subject-value.js';

const SAN_KINDS = {
  tls_client_auth_san_dns: 'dns',
  tls_client_auth_san_uri: 'uri',
  tls_client_auth_san_ip: 'ip',
  tls_client_auth_san_email: 'email',
} as const;

/** What a certificate says where the registered value is looked for, as it is written there. */
export function carriedValues({ subject, subjectAlternativeNames }: Certificate, field: SubjectField): string[] {
  if (field === 'tls_client_auth_subject_dn') return [subject.text];
  const kind = SAN_KINDS[field];
  return subjectAlternativeNames.filter((name) => name.kind === kind).map(({ value }) => value);
}

/**
 * Whether a certificate carries the one registered value, compared by the rules of its kind: never as patterns, and a
 * wildcard in the certificate is a name like any other. // A12
 * Does not check: who issued the certificate. A name alone proves nothing.
 */
export function carriesSubject(certificate: Certificate, { field, value }: SubjectValue): boolean {
  if (field === 'tls_client_auth_subject_dn') {
    return sameDistinguishedName(certificate.subject, parseDistinguishedName(value));
  }
  const form = FORMS[field];
  return carriedValues(certificate, field).some((carried) => form(carried) === value);
}

const asWritten = (text: string): string => text;

const FORMS = {
  tls_client_auth_san_dns: (text: string) => text.toLowerCase(),
  tls_client_auth_san_uri: asWritten,
  tls_client_auth_san_ip: asWritten,
  tls_client_auth_san_email: withLowerCaseDomain,
};

function withLowerCaseDomain(text: string): string {
  const at = text.lastIndexOf('@');
  return text.slice(0, at + 1) + text.slice(at + 1).toLowerCase();
}
