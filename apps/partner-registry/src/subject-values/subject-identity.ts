import { createHash } from 'node:crypto';
import {
  foldedDistinguishedName,
  parseDistinguishedName,
  type SubjectKind,
  type SubjectValue,
} from '@partner-ecosystem/x509';

/** A subject value in the form of a unique index: equal exactly for values that every comparison takes for the same. */
export interface SubjectIdentity {
  readonly kind: SubjectKind;
  /** lower-case hex */
  readonly sha256: string;
}

export function subjectIdentity({ kind, value }: SubjectValue): SubjectIdentity {
  // The other four are stored in the form in which they are compared.
  const folded = kind === 'subject_dn' ? foldedDistinguishedName(parseDistinguishedName(value)) : value;
  return { kind, sha256: createHash('sha256').update(folded).digest('hex') };
}
