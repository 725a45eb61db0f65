import {
  carriesSubject,
  checkCertificationRequest,
  sameDistinguishedName,
  type CertificateCheck,
  type CertificationRequest,
  type SubjectAlternativeName,
} from '@partner-ecosystem/x509';
import type { PlatformNames } from './platform-names.js';

/** What the registry knows of a key. Of another partner's no more than that it is. */
export interface KeyFacts {
  readonly ofAnother: boolean;
  /** whether it has, or had, a certificate */
  readonly certified: boolean;
  readonly compromised: boolean;
}

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const CHALLENGE_PASSWORD = '1.2.840.113549.1.9.7';
const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const AUTHORITY_USAGES = ['keyCertSign', 'cRLSign'];
const LONGEST_SHOWN = 1000;

/**
 * Every check of a request, passed ones included.
 * @param expected what the platform will write; undefined: of nobody in particular, whose names cannot be judged
 */
export function judgeCertificateRequest(
  request: CertificationRequest,
  expected: PlatformNames | undefined,
  key: KeyFacts,
): CertificateCheck[] {
  return [
    ...checkCertificationRequest(request),
    ...(expected ? [subjectRequested(request, expected), namesRequested(request, expected)] : []),
    extensionsRequested(request),
    challengePassword(request),
    keyKnown(key),
    keyInUse(key),
  ];
}

function subjectRequested({ subject }: CertificationRequest, expected: PlatformNames): CertificateCheck {
  const passed = subject.rdns.length === 0 || sameDistinguishedName(subject, expected.subject);
  return {
    id: 'subject_requested',
    ...outcome(passed, 'The platform writes the subject. Leave it empty, or ask for the expected one.'),
    observed: shown(subject.rdns.length === 0 ? [] : [subject.text]),
    expected: `no subject, or ${expected.subject.text}`,
  };
}

function namesRequested({ requested, subject }: CertificationRequest, expected: PlatformNames): CertificateCheck {
  const { subjectAlternativeNames: asked, otherNames } = requested;
  const fits = (name: SubjectAlternativeName) =>
    expected.names.some(({ kind, value }) =>
      carriesSubject({ subject, subjectAlternativeNames: [name] }, { kind: `san_${kind}`, value }),
    );
  const others = otherNames === 0 ? [] : [`${otherNames} of other kinds`];
  return {
    id: 'names_requested',
    ...outcome(
      otherNames === 0 && asked.every(fits),
      'The platform writes the names. Ask for none, or for some of the expected ones.',
    ),
    observed: shown([...asked.map(nameText), ...others]),
    expected: `no alternative names, or some of ${expected.names.map(nameText).join(', ')}`,
  };
}

function extensionsRequested({ requested }: CertificationRequest): CertificateCheck {
  const { isCa, extendedKeyUsage = [], keyUsage = [], others } = requested;
  const refused = [
    ...(isCa ? ['CA:TRUE'] : []),
    ...extendedKeyUsage.filter((purpose) => purpose !== CLIENT_AUTH),
    ...keyUsage.filter((usage) => AUTHORITY_USAGES.includes(usage)),
  ];
  const ignored = others.filter((oid) => oid !== SUBJECT_KEY_IDENTIFIER);
  const check = {
    id: 'extensions_requested',
    observed: shown([...refused, ...ignored]),
    expected: 'a certificate of a TLS client: no authority, no purpose but clientAuth, no other extensions',
  };
  if (refused.length === 0 && ignored.length > 0) {
    return { ...check, result: 'warn', hint: 'Accepted, but the certificate will not have these extensions.' };
  }
  return { ...check, ...outcome(refused.length === 0, 'Ask for nothing but a certificate of a TLS client.') };
}

// RFC 2985 5.4.1: a secret, in what everybody who may read requests can read
function challengePassword({ attributes }: CertificationRequest): CertificateCheck {
  const passed = !attributes.includes(CHALLENGE_PASSWORD);
  return {
    id: 'challenge_password',
    ...outcome(passed, 'Make the request again and leave the challenge password empty: it has no use here.'),
    observed: passed ? 'none' : 'a challenge password',
    expected: 'a request without a secret in it',
  };
}

// Also what was revoked, or reported compromised: a key that was in somebody's hands does not come back as new.
function keyKnown({ certified, compromised }: KeyFacts): CertificateCheck {
  const passed = !certified && !compromised;
  return {
    id: 'key_known',
    ...outcome(passed, 'Create a new key pair, and a request for it. Every certificate has a key of its own.'),
    observed: compromised ? 'a key that was reported compromised' : passed ? 'a new key' : 'a key with a certificate',
    expected: 'a key that never had a certificate, neither one in use nor a revoked one',
  };
}

// Names nobody, as an upload does not either.
function keyInUse({ ofAnother }: KeyFacts): CertificateCheck {
  return {
    id: 'key_in_use',
    ...outcome(!ofAnother, 'Create a new key pair, and a request for it.'),
    observed: ofAnother ? 'a key that cannot be used here' : 'a key that no other partner uses',
    expected: 'a key that no other partner uses',
  };
}

function outcome(passed: boolean, hint: string): Pick<CertificateCheck, 'result' | 'hint'> {
  return passed ? { result: 'pass', hint: '' } : { result: 'fail', hint };
}

function nameText({ kind, value }: SubjectAlternativeName): string {
  return `${kind}:${value}`;
}

// What somebody wrote into a request reaches logs and screens.
function shown(texts: readonly string[]): string {
  const text = texts.join(', ').replace(/\p{Cc}/gu, '\u{fffd}');
  return text === '' ? 'none' : text.slice(0, LONGEST_SHOWN);
}
