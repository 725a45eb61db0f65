import type { Fault } from './fault.js';

const CLAIMS = 'apps/token-service/src/token/access-token-claims.ts';
const CLAIMS_SPEC = 'apps/token-service/src/token/access-token-claims.spec.ts';

/** What a token says, and to what it is bound. */
export const CLAIMS_FAULTS: readonly Fault[] = [
  {
    rule: 'A4',
    then: 'issues plain bearer tokens',
    file: CLAIMS,
    find: 'cnf: confirmationOf(certificate.thumbprint),',
    replace: '',
    spec: CLAIMS_SPEC,
  },
  {
    rule: 'A16',
    then: 'writes cnf under another name',
    file: 'libs/mtls-binding/src/protocol/confirmation.ts',
    find: "const METHOD = 'x5t#S256';",
    replace: "const METHOD = 'x5t' as 'x5t#S256';",
    spec: 'libs/mtls-binding/src/protocol/confirmation.spec.ts',
  },
  {
    rule: 'A16',
    then: 'pads thumbprints',
    file: 'libs/x509/src/certificate/thumbprint-of.ts',
    find: ".digest('base64url')",
    replace: ".digest('base64')",
    spec: 'libs/x509/src/certificate/thumbprint-of.spec.ts',
  },
  {
    rule: 'A17',
    then: 'binds only tokens with a scope',
    file: CLAIMS,
    find: 'cnf: confirmationOf(certificate.thumbprint),',
    replace: '...(grant.scopes.length === 1 ? { cnf: confirmationOf(certificate.thumbprint) } : {}),',
    spec: CLAIMS_SPEC,
  },
  {
    rule: 'A18',
    then: 'makes short token ids',
    file: 'apps/token-service/src/token/token-id.ts',
    find: 'const BYTES = 20;',
    replace: 'const BYTES = 8;',
    spec: 'apps/token-service/src/token/token-id.spec.ts',
  },
  {
    rule: 'A22',
    then: 'leaves out whose partner a client is',
    file: CLAIMS,
    find: 'partner_id: client.partnerId,',
    replace: '',
    spec: CLAIMS_SPEC,
  },
];
