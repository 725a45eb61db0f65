import type { Certificate } from '../certificate/certificate.js';
import { parseDistinguishedName } from './parse-distinguished-name.js';
import { sameDistinguishedName } from './same-distinguished-name.js';
import type { SubjectKind, SubjectValue } from './subject-value.js';

const ALTERNATIVE_NAMES = {
  san_dns: { kind: 'dns', form: asciiFolded },
  san_uri: { kind: 'uri', form: (text: string) => text },
  san_ip: { kind: 'ip', form: addressText },
  san_email: { kind: 'email', form: withFoldedDomain },
} as const satisfies Record<Exclude<SubjectKind, 'subject_dn'>, unknown>;

/**
 * Whether a certificate carries the registered value, by the rules of its kind: DN as X.501, DNS ASCII case-folded, URI
 * by octets, IP by bytes, e-mail with its domain case-folded. Never as a pattern: a wildcard is a name like any other,
 * and nothing is cut at a NUL. // A12
 * @throws X509Error `dn_invalid` when a DN was registered that cannot be read
 *
 * Does not check: who issued the certificate. A name alone proves nothing.
 */
export function carriesSubject(
  certificate: Pick<Certificate, 'subject' | 'subjectAlternativeNames'>,
  { kind, value }: SubjectValue,
): boolean {
  if (kind === 'subject_dn') return sameDistinguishedName(certificate.subject, parseDistinguishedName(value));
  const { kind: wanted, form } = ALTERNATIVE_NAMES[kind];
  const names = certificate.subjectAlternativeNames.filter((name) => name.kind === wanted);
  return names.some((name) => form(name.value) === form(value));
}

// Not toLowerCase(): it folds letters beyond ASCII into ASCII, the Kelvin sign into k for one.
function asciiFolded(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function withFoldedDomain(text: string): string {
  const at = text.lastIndexOf('@');
  return text.slice(0, at + 1) + asciiFolded(text.slice(at + 1));
}

// One text for the same bytes, whichever of its spellings was registered.
function addressText(text: string): string {
  const host = `http://[${text}]`;
  return text.includes(':') && URL.canParse(host) ? new URL(host).hostname : text;
}
