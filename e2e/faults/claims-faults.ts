import type { Fault } from './fault.js';

/** What a token says, and to what it is bound. */
export const CLAIMS_FAULTS: readonly Fault[] = [
  {
    rule: 'A4',
    then: 'issues plain bearer tokens',
    in: 'accessTokenClaims',
    find: 'cnf: confirmationOf(certificate.thumbprint),',
    replace: '',
    spec: 'apps/token-service/src/token/access-token-claims.spec.ts',
  },
  {
    rule: 'A16',
    then: 'writes cnf under another name',
    in: 'METHOD',
    find: "const METHOD = 'x5t#S256';",
    replace: "const METHOD = 'x5t' as 'x5t#S256';",
    spec: 'libs/mtls-binding/src/protocol/confirmation.spec.ts',
  },
  {
    rule: 'A17',
    then: 'binds only tokens with a scope',
    in: 'accessTokenClaims',
    find: 'cnf: confirmationOf(certificate.thumbprint),',
    replace: '...(grant.scopes.length === 1 ? { cnf: confirmationOf(certificate.thumbprint) } : {}),',
    spec: 'apps/token-service/src/token/access-token-claims.spec.ts',
  },
  {
    rule: 'A18',
    then: 'makes short token ids',
    in: 'token-service: BYTES',
    find: 'const BYTES = 20;',
    replace: 'const BYTES = 8;',
    spec: 'apps/token-service/src/token/token-id.spec.ts',
  },
  {
    rule: 'A22',
    then: 'leaves out whose partner a client is',
    in: 'accessTokenClaims',
    find: 'partner_id: client.partnerId,',
    replace: '',
    spec: 'apps/token-service/src/token/access-token-claims.spec.ts',
  },
];
