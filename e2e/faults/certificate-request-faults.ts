import type { Fault } from './fault.js';

const REGISTRY = 'apps/partner-registry/src/certificate-requests';
const JUDGE = `${REGISTRY}/judge-certificate-request.ts`;
const JUDGE_SPEC = `${REGISTRY}/judge-certificate-request.spec.ts`;
const REQUESTS_SPEC = `${REGISTRY}/certificate-requests.spec.ts`;
const ANCHOR = `${REGISTRY}/issuing-anchor.ts`;
const LIBRARY = 'libs/x509/src/certification-request';

/** Who asks for a certificate gets one for its own key and under its own name. */
export const CERTIFICATE_REQUEST_FAULTS: readonly Fault[] = [
  {
    rule: 'A5',
    then: 'asks for no proof that the key of a request is its sender’s',
    file: `${LIBRARY}/check-certification-request.ts`,
    find: 'key !== undefined && isSignatureBy(request, key)',
    replace: 'key !== undefined',
    spec: `${LIBRARY}/check-certification-request.spec.ts`,
  },
  {
    rule: 'A9',
    then: 'lets a request ask for any subject',
    file: JUDGE,
    find: 'sameDistinguishedName(subject, expected.subject)',
    replace: 'expected.subject.rdns.length > 0',
    spec: JUDGE_SPEC,
  },
  {
    rule: 'A9',
    then: 'lets a request ask for other names beside one of its own',
    file: JUDGE,
    find: 'asked.every(fits)',
    replace: '(asked.length === 0 || asked.some(fits))',
    spec: JUDGE_SPEC,
  },
  {
    rule: 'A9',
    then: 'passes over names of a kind that is not read',
    file: JUDGE,
    find: 'otherNames === 0 && asked',
    replace: 'otherNames >= 0 && asked',
    spec: JUDGE_SPEC,
  },
  {
    rule: 'A9',
    then: 'writes a partner’s name into the subject as it stands',
    file: `${REGISTRY}/platform-names.ts`,
    find: "[{ oid: ORGANIZATION, form: 'text', value: organization }]",
    replace: "[{ oid: ORGANIZATION, form: 'der', value: organization }]",
    spec: `${REGISTRY}/platform-names.spec.ts`,
  },
  {
    rule: 'A14',
    then: 'links no anchor to a client that is issued its first certificate',
    file: ANCHOR,
    find: 'if (before.length === 0 && (await',
    replace: 'if (before.length === 0 || (await',
    spec: REQUESTS_SPEC,
  },
  {
    rule: 'A14',
    then: 'takes the path from a certificate in use by linking an anchor it does not lead to',
    file: ANCHOR,
    find: 'usable.some(({ not_after }) => not_after >= now)',
    replace: 'usable.some(({ not_after }) => not_after < now)',
    spec: REQUESTS_SPEC,
  },
];
