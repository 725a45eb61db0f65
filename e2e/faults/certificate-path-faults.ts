import type { Fault } from './fault.js';

const POLICIES = 'libs/x509/src/path/policy-offence.ts';
const POLICIES_SPEC = 'libs/x509/src/path/path-policies.spec.ts';

/** What authorities say about the certificates below them. */
export const CERTIFICATE_PATH_FAULTS: readonly Fault[] = [
  {
    rule: 'A43',
    then: 'recognises a required policy and does not ask for it',
    file: POLICIES,
    find: 'if (state.explicitPolicy === 0 && valid.size === 0) return',
    replace: 'if (state.explicitPolicy < 0 && valid.size === 0) return',
    spec: POLICIES_SPEC,
  },
  {
    rule: 'A43',
    then: 'lets any policy stand for the required one where an authority inhibits that',
    file: POLICIES,
    find: 'const anyCounts = inhibitAnyPolicy > 0 ||',
    replace: 'const anyCounts = inhibitAnyPolicy >= 0 ||',
    spec: POLICIES_SPEC,
  },
  {
    rule: 'A44',
    then: 'ignores the intermediates of the connection',
    file: 'apps/token-service/src/clients/certificate-policy/identity-only.ts',
    find: 'evidence.intermediates ?? []',
    replace: 'evidence.intermediates?.slice(0, 0) ?? []',
    spec: 'apps/token-service/src/clients/certificate-policy/identity-only.spec.ts',
  },
  {
    rule: 'A44',
    then: 'computes with the keys of strangers',
    file: 'libs/x509/src/path/vouched-for.ts',
    find: 'authority.isCa && issued(authority, one)',
    replace: 'authority.isCa || issued(authority, one)',
    spec: 'libs/x509/src/path/vouched-for.spec.ts',
  },
  {
    rule: 'A45',
    then: 'throws away which rule a certificate breaks',
    file: 'libs/x509/src/certificate/parse-certificate.ts',
    find: ': ${cause.within(der)}`',
    replace: '`',
    spec: 'libs/x509/src/known-reasons.spec.ts',
  },
  {
    rule: 'A45',
    then: 'does not see a private key in UTF-16',
    file: 'libs/x509/src/certificate/holds-private-key.ts',
    find: "text.replaceAll('\\0', '')",
    replace: 'text',
    spec: 'libs/x509/src/certificate/private-key-input.spec.ts',
  },
  {
    rule: 'A45',
    then: 'does not say why Postgres refuses',
    file: 'libs/platform/src/database/connection-fault.ts',
    find: '${said || ',
    replace: '${"" || ',
    spec: 'libs/platform/src/database/connection-fault.spec.ts',
  },
];
