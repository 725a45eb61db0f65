import type { Certificate } from '@partner-ecosystem/x509';
import type { SubjectField } from './subject-value.js';

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
