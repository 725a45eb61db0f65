import { createHash } from 'node:crypto';
import { foldedDistinguishedName, parseDistinguishedName } from '@partner-ecosystem/x509';
import type { SubjectValue } from './subject-value.js';

/** A subject value in the form of a unique index: equal exactly for values that every comparison takes for the same. */
export interface SubjectIdentity {
  readonly kind: string;
  /** lower-case hex */
  readonly sha256: string;
}

export function subjectIdentity({ field, value }: SubjectValue): SubjectIdentity {
  // The other four are stored in the form in which they are compared.
  const folded =
    field === 'tls_client_auth_subject_dn' ? foldedDistinguishedName(parseDistinguishedName(value)) : value;
  return { kind: field.slice('tls_client_auth_'.length), sha256: createHash('sha256').update(folded).digest('hex') };
}
