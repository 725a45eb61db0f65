import type { SubjectKind, SubjectValue as CarriedValue } from '@partner-ecosystem/x509';

/** The five ways in which `tls_client_auth` names a client's subject (RFC 8705 section 2.1.2), as registered and stored. */
export const SUBJECT_FIELDS = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
] as const;

export type SubjectField = (typeof SUBJECT_FIELDS)[number];

export type SubjectFields = Readonly<Record<SubjectField, string | null>>;

/** The one value that every certificate of a client carries, in its canonical form. */
export interface SubjectValue extends CarriedValue {
  readonly field: SubjectField;
}

export const NO_SUBJECT: SubjectFields = {
  tls_client_auth_subject_dn: null,
  tls_client_auth_san_dns: null,
  tls_client_auth_san_uri: null,
  tls_client_auth_san_ip: null,
  tls_client_auth_san_email: null,
};

/** The client's registered value; undefined while it has none. Does not check: that there is only one; the table does. */
export function subjectOf(client: SubjectFields): SubjectValue | undefined {
  const field = SUBJECT_FIELDS.find((name) => client[name] !== null);
  return field && subjectValue(field, client[field]!);
}

export function subjectValue(field: SubjectField, value: string): SubjectValue {
  return { field, kind: KIND_OF[field], value };
}

const KIND_OF: Readonly<Record<SubjectField, SubjectKind>> = {
  tls_client_auth_subject_dn: 'subject_dn',
  tls_client_auth_san_dns: 'san_dns',
  tls_client_auth_san_uri: 'san_uri',
  tls_client_auth_san_ip: 'san_ip',
  tls_client_auth_san_email: 'san_email',
};
