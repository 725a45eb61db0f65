/** The five places in a certificate where a client's name can be (RFC 8705 section 2.1.2). // A12 */
export const SUBJECT_KINDS = ['subject_dn', 'san_dns', 'san_uri', 'san_ip', 'san_email'] as const;

export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** One name, as registered: a DN as RFC 4514 text, an IP address in any of its spellings, the others as text. */
export interface SubjectValue {
  readonly kind: SubjectKind;
  readonly value: string;
}
