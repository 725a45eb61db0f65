import type { Fault } from './fault.js';

const CLIENTS = 'apps/token-service/src/clients';
const AUTHENTICATE = `${CLIENTS}/authentication/authenticate-client.ts`;
const AUTHENTICATE_SPEC = `${CLIENTS}/authentication/authenticate-client.spec.ts`;
const METHOD = `${CLIENTS}/authentication/registered-method.ts`;
const SUBJECT = 'libs/x509/src/names/carries-subject.ts';
const SUBJECT_SPEC = 'libs/x509/src/names/carries-subject.spec.ts';
const REGISTERED_ONLY = `${CLIENTS}/certificate-policy/registered-only.ts`;
const REGISTERED_ONLY_SPEC = `${CLIENTS}/certificate-policy/registered-only.spec.ts`;
const DATES = `${CLIENTS}/certificate-policy/assert-within-dates.ts`;
const IDENTITY = `${CLIENTS}/certificate-policy/identity-only.ts`;
const IDENTITY_SPEC = `${CLIENTS}/certificate-policy/identity-only.spec.ts`;

/** Who asks, judged by registration and certificate. */
export const CLIENT_AUTHENTICATION_FAULTS: readonly Fault[] = [
  {
    rule: 'A3',
    then: 'serves a client without a method of authentication',
    file: METHOD,
    find: 'if (!isAuthenticationMethod(method)) throw',
    replace: "if (!isAuthenticationMethod(method)) return 'tls_client_auth';\n  if (method === undefined) throw",
    spec: AUTHENTICATE_SPEC,
  },
  {
    rule: 'A10',
    then: 'reads the credentials of strangers before their certificate',
    file: AUTHENTICATE,
    find: 'const certificate = await allowedCertificate(',
    replace: 'await METHODS[method](client, presented, now, needs);\n  const certificate = await allowedCertificate(',
    spec: AUTHENTICATE_SPEC,
  },
  {
    rule: 'A11',
    then: 'takes any certificate for a registered one',
    file: REGISTERED_ONLY,
    find: '({ thumbprint }) => thumbprint === evidence.thumbprint',
    replace: '({ thumbprint }) => thumbprint.length === evidence.thumbprint.length',
    spec: REGISTERED_ONLY_SPEC,
  },
  {
    rule: 'A11',
    then: 'takes a certificate before its time',
    file: DATES,
    find: 'if (notBefore > now) {',
    replace: 'if (notBefore > notAfter) {',
    spec: REGISTERED_ONLY_SPEC,
  },
  {
    rule: 'A11',
    then: 'takes a certificate before the date it is to be activated at',
    file: DATES,
    find: 'if (activateAt !== null && !(activateAt <= now)) {',
    replace: 'if (activateAt !== null && activateAt.getTime() < 0) {',
    spec: REGISTERED_ONLY_SPEC,
  },
  {
    rule: 'A11',
    then: 'takes a retired certificate',
    file: DATES,
    find: "assertNotOver('certificate_retired', retireAt, now);",
    replace: '',
    spec: REGISTERED_ONLY_SPEC,
  },
  {
    rule: 'A12',
    then: 'takes a certificate with another name',
    file: AUTHENTICATE,
    find: '  await METHODS[method](client, presented, now, needs);',
    replace: '',
    spec: AUTHENTICATE_SPEC,
  },
  {
    rule: 'A12',
    then: 'takes a name that ends with the registered one',
    file: SUBJECT,
    find: 'names.some((name) => form(name.value) === form(value))',
    replace: 'names.some((name) => form(name.value).endsWith(form(value)))',
    spec: SUBJECT_SPEC,
  },
  {
    rule: 'A12',
    then: 'cuts a name at its NUL',
    file: SUBJECT,
    find: 'names.some((name) => form(name.value) === form(value))',
    replace: "names.some((name) => form(name.value.split('\\0')[0]!) === form(value))",
    spec: SUBJECT_SPEC,
  },
  {
    rule: 'A12',
    then: 'takes a name of another kind',
    file: SUBJECT,
    find: 'filter((name) => name.kind === wanted)',
    replace: 'filter((name) => name.kind !== undefined || wanted)',
    spec: SUBJECT_SPEC,
  },
  {
    rule: 'A12',
    then: 'takes a certificate without a valid path',
    file: IDENTITY,
    find: '  assertPassed(certificate, checks, `; the client sent ${sent.length} intermediates, ${usedHints} of them usable`);\n  if (!pathValidUntil)',
    replace: '  if (!checks)',
    spec: IDENTITY_SPEC,
  },
  {
    rule: 'A12',
    then: 'takes a weak leaf',
    file: IDENTITY,
    find: '  assertPassed(certificate, checkLeaf(certificate, now));',
    replace: '',
    spec: IDENTITY_SPEC,
  },
  {
    rule: 'A13',
    then: 'registers a self-signed certificate that is not in the key set',
    file: 'apps/partner-registry/src/judgement/is-in-key-set.ts',
    find: 'certificate?.sha256 === sha256',
    replace: 'certificate?.sha256 !== undefined && sha256',
    spec: 'apps/partner-registry/src/clients/client-methods.spec.ts',
  },
  {
    rule: 'A13',
    then: 'wants a path for a self-signed certificate',
    file: 'apps/partner-registry/src/judgement/client-expectations.ts',
    find: 'const anchors = selfSigned ? [] : ',
    replace: 'const anchors = selfSigned && false ? [] : ',
    spec: 'apps/partner-registry/src/clients/client-methods.spec.ts',
  },
  {
    rule: 'A13',
    then: 'judges the path of a self-signed certificate',
    file: REGISTERED_ONLY,
    find: 'judgesPath ? window : { ...window, pathValidUntil: null }',
    replace: 'window',
    spec: REGISTERED_ONLY_SPEC,
  },
  {
    rule: 'A14',
    then: 'believes an anchor whose key is not the pinned one',
    file: `${CLIENTS}/certificate-policy/judge-under-anchors.ts`,
    find: 'if (certificate.spkiSha256 !== anchor.spki_sha256) return [];',
    replace: "if (anchor.spki_sha256 === '') return [];",
    spec: IDENTITY_SPEC,
  },
  {
    rule: 'A15',
    then: 'lets the caller choose the method',
    file: METHOD,
    find: 'const method = client.authenticationMethod;',
    replace: "const method = presented.assertion ? 'private_key_jwt' : 'tls_client_auth';",
    spec: AUTHENTICATE_SPEC,
  },
  {
    rule: 'A15',
    then: 'binds an assertion to any certificate',
    file: AUTHENTICATE,
    find: 'const certificate = await allowedCertificate(client, method, presented.evidence, now, needs);',
    replace:
      "const certificate = method === 'private_key_jwt' ? { thumbprint: presented.evidence.thumbprint, usableUntil: now } : await allowedCertificate(client, method, presented.evidence, now, needs);",
    spec: AUTHENTICATE_SPEC,
  },
];
