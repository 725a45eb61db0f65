import type { Fault } from './fault.js';

/** What authorities say about the certificates below them. */
export const CERTIFICATE_PATH_FAULTS: readonly Fault[] = [
  {
    rule: 'A43',
    then: 'recognises a required policy and does not ask for it',
    in: 'policyOffence',
    find: 'if (state.explicitPolicy === 0 && valid.size === 0) return',
    replace: 'if (state.explicitPolicy < 0 && valid.size === 0) return',
    spec: 'libs/x509/src/path/path-policies.spec.ts',
  },
  {
    rule: 'A44',
    then: 'ignores the intermediates of the connection',
    in: 'judgedLeaf',
    find: 'evidence.intermediates ?? []',
    replace: 'evidence.intermediates?.slice(0, 0) ?? []',
    spec: 'apps/token-service/src/clients/certificate-policy/identity-only.spec.ts',
  },
  {
    rule: 'A45',
    then: 'throws away which rule a certificate breaks',
    in: 'parse-certificate: fieldsOf',
    find: ': ${cause.within(der)}`',
    replace: '`',
    spec: 'libs/x509/src/known-reasons.spec.ts',
  },
  {
    rule: 'A45',
    then: 'does not see a private key in UTF-16',
    in: 'holdsPrivateKey',
    find: "text.replaceAll('\\0', '')",
    replace: 'text',
    spec: 'libs/x509/src/certificate/private-key-input.spec.ts',
  },
];
