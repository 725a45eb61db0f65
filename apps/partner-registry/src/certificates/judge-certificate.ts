import {
  checkLeaf,
  parseDistinguishedName,
  sameDistinguishedName,
  type Certificate,
  type CertificateCheck,
} from '@partner-ecosystem/x509';

const LONGEST_NAME = 1000;

/**
 * Every check of an upload, passed ones included. The first certificate of a client without a registered subject
 * brings it; each later one must carry the registered value.
 * @param registeredDn the client's `tls_client_auth_subject_dn`, null when it has none yet
 *
 * Does not check: the path to an authority, and whether certificate or key are known already.
 */
export function judgeCertificate(certificate: Certificate, registeredDn: string | null, now: Date): CertificateCheck[] {
  return [
    ...checkLeaf(certificate, now),
    subjectCheck(certificate),
    alternativeNamesCheck(certificate),
    ...(registeredDn === null ? [] : [subjectValueCheck(certificate, registeredDn)]),
  ];
}

export function isRefused(checks: readonly CertificateCheck[]): boolean {
  return checks.some(({ result }) => result === 'fail');
}

// An empty name is equal to every other empty name, and identifies nobody.
function subjectCheck({ subject }: Certificate): CertificateCheck {
  const passed = subject.rdns.length > 0 && subject.text.length <= LONGEST_NAME;
  return {
    id: 'subject',
    result: passed ? 'pass' : 'fail',
    observed: subject.rdns.length === 0 ? 'an empty subject' : `${subject.text.length} characters`,
    expected: `a subject of 1 to ${LONGEST_NAME} characters`,
    hint: passed ? '' : 'Have it issued with a distinguished name that identifies the system.',
  };
}

// A NUL in a name once made "good.example\0.evil.example" look like the first half of it.
function alternativeNamesCheck({ subjectAlternativeNames: names }: Certificate): CertificateCheck {
  const passed = names.every(({ value }) => !/\p{Cc}/u.test(value));
  return {
    id: 'subject_alternative_names',
    result: passed ? 'pass' : 'fail',
    observed: passed ? `${names.length} names` : 'a name with control characters',
    expected: 'names without control characters',
    hint: passed ? '' : 'Have it issued again with proper names.',
  };
}

function subjectValueCheck({ subject }: Certificate, registeredDn: string): CertificateCheck {
  const passed = sameDistinguishedName(subject, parseDistinguishedName(registeredDn));
  return {
    id: 'subject_value',
    result: passed ? 'pass' : 'fail',
    observed: subject.text.slice(0, LONGEST_NAME),
    expected: registeredDn,
    hint: passed
      ? ''
      : 'Every certificate of a client carries the subject it is registered with. Another system is another client.',
  };
}
