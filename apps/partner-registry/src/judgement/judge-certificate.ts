import { carriesSubject, checkLeaf, type Certificate, type CertificateCheck } from '@partner-ecosystem/x509';
import { carriedValues } from '../subject-values/carried-values.js';
import type { ListsOfAnchors } from './anchor-lists.js';
import type { SubjectValue } from '../subject-values/subject-value.js';
import type { TrustAnchor } from '../records/trust-anchor.entity.js';
import { judgePath, type PathJudgement } from './judge-path.js';
import type { CertificateBundle } from './parse-upload.js';

const LONGEST_NAME = 1000;

/** What a client's certificates are held against. */
export interface Expectations {
  /** undefined: the first certificate brings it */
  readonly subject: SubjectValue | undefined;
  /** whether the method knows its clients by a subject value at all */
  readonly needsSubject: boolean;
  /** retired ones included */
  readonly anchors: readonly TrustAnchor[];
  readonly lists: ListsOfAnchors;
  /** that came with the client's other certificates */
  readonly intermediates: readonly Certificate[];
}

/** Of nobody in particular. */
export const NO_EXPECTATIONS: Expectations = {
  subject: undefined,
  needsSubject: true,
  anchors: [],
  lists: new Map(),
  intermediates: [],
};

export interface CertificateJudgement {
  readonly checks: CertificateCheck[];
  readonly path: PathJudgement;
}

/**
 * Every check of an upload, passed ones included. The first certificate of a client without a registered subject value
 * brings it; each later one must carry the registered value.
 *
 * Does not check: whether certificate or key are known already.
 */
export function judgeCertificate(upload: CertificateBundle, expected: Expectations, now: Date): CertificateJudgement {
  const { leaf, chain } = upload;
  const path = judgePath(leaf, [...chain, ...expected.intermediates], expected.anchors, expected.lists, now);
  const checks = [
    ...checkLeaf(leaf, now),
    subjectCheck(leaf, expected),
    alternativeNamesCheck(leaf),
    ...(expected.subject ? [subjectValueCheck(leaf, expected.subject)] : []),
    chainCheck(upload),
    ...path.checks,
  ];
  return { checks, path };
}

export function isRefused(checks: readonly CertificateCheck[]): boolean {
  return checks.some(({ result }) => result === 'fail');
}

// An empty name is equal to every other empty name, and identifies nobody. Who is known by another value may have one.
function subjectCheck({ subject }: Certificate, { subject: registered, needsSubject }: Expectations): CertificateCheck {
  const mayBeEmpty = !needsSubject || (registered && registered.field !== 'tls_client_auth_subject_dn');
  const passed = (mayBeEmpty || subject.rdns.length > 0) && subject.text.length <= LONGEST_NAME;
  return {
    id: 'subject',
    result: passed ? 'pass' : 'fail',
    observed: subject.rdns.length === 0 ? 'an empty subject' : `${subject.text.length} characters`,
    expected: mayBeEmpty
      ? `a subject of at most ${LONGEST_NAME} characters`
      : `a subject of 1 to ${LONGEST_NAME} characters`,
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

function subjectValueCheck(leaf: Certificate, subject: SubjectValue): CertificateCheck {
  const passed = carriesSubject(leaf, subject);
  const carried = carriedValues(leaf, subject.field)
    .join(', ')
    .replace(/\p{Cc}/gu, '\u{fffd}');
  return {
    id: 'subject_value',
    result: passed ? 'pass' : 'fail',
    observed: carried === '' ? 'none' : carried.slice(0, LONGEST_NAME),
    expected: `${subject.field} ${subject.value}`,
    hint: passed
      ? ''
      : 'Every certificate of a client carries the subject value it is registered with. Another system is another client.',
  };
}

function chainCheck({ chain, passedOver }: CertificateBundle): CertificateCheck {
  const leftOut = passedOver === 0 ? '' : `; ${passedOver} passed over: roots, and what does not belong to the leaf`;
  return {
    id: 'chain',
    result: 'pass',
    observed: `${chain.length} intermediates${leftOut}`,
    expected: 'the leaf, and its intermediates where it has any',
    hint: '',
  };
}
