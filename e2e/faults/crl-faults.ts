import type { Fault } from './fault.js';

const LISTS = 'apps/partner-registry/src/crls';
const VERIFY = `${LISTS}/verify-crl.ts`;
const VERIFY_SPEC = `${LISTS}/verify-crl.spec.ts`;
const POLICY = 'apps/token-service/src/clients/certificate-policy';

/** What an authority revoked counts, and nobody else's word does. */
export const CRL_FAULTS: readonly Fault[] = [
  {
    rule: 'A14',
    then: 'believes a CRL whoever signed it',
    file: VERIFY,
    find: 'able.find((authority) => isSigned(list, authority))',
    replace: 'able[0]',
    spec: VERIFY_SPEC,
  },
  {
    rule: 'A14',
    then: 'takes an older CRL that is replayed',
    file: VERIFY,
    find: 'if (!earlier && !lower) return;',
    replace: 'if (held !== null) return;',
    spec: VERIFY_SPEC,
  },
  {
    rule: 'A14',
    then: 'takes a list of changes for the whole',
    file: VERIFY,
    find: 'if (unknown.length > 0) {',
    replace: 'if (unknown.length > 9) {',
    spec: VERIFY_SPEC,
  },
  {
    rule: 'A14',
    then: 'judges clients known by identity without the CRLs of their anchors',
    file: `${POLICY}/judge-under-anchors.ts`,
    find: 'lists: held }];',
    replace: 'lists: held.slice(0, 0) }];',
    spec: `${POLICY}/identity-only.spec.ts`,
  },
];
