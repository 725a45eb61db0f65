import type { Fault } from './fault.js';

/** What an authority revoked counts, and nobody else's word does. */
export const CRL_FAULTS: readonly Fault[] = [
  {
    rule: 'A14',
    then: 'believes a CRL whoever signed it',
    in: 'signerOf',
    find: 'able.find((authority) => isSigned(list, authority))',
    replace: 'able[0]',
    spec: 'apps/partner-registry/src/crls/verify-crl.spec.ts',
  },
  {
    rule: 'A14',
    then: 'takes an older CRL that is replayed',
    in: 'assertNotOlder',
    find: 'if (!earlier && !lower) return;',
    replace: 'if (held !== null) return;',
    spec: 'apps/partner-registry/src/crls/verify-crl.spec.ts',
  },
];
