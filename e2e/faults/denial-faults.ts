import type { Fault } from './fault.js';

/** What was denied stays denied, and nobody is taken for somebody else. */
export const DENIAL_FAULTS: readonly Fault[] = [
  {
    rule: 'A37',
    then: 'lets a revoked certificate come back under another signature',
    in: 'withSameContents',
    find: ' || one.tbs_sha256 === tbsSha256',
    replace: '',
    spec: 'apps/token-service/src/clients/certificate-policy/identity-only.spec.ts',
  },
  {
    rule: 'A37',
    then: 'leaves tokens alone that are bound to a twin of a revoked certificate',
    in: 'cutOffIdentities',
    find: "for (const client of users) revokeTokensOf(mutation, client, 'cutoff', reason);",
    replace: '',
    spec: 'apps/partner-registry/src/certificates/twins.spec.ts',
  },
  {
    rule: 'A37',
    then: 'knows a compromised key by one of its encodings alone',
    in: 'x509: parseCertificate',
    find: 'usualEncodingOf(spki, key) ?? spki',
    replace: 'spki',
    spec: 'libs/x509/src/certificate/twins.spec.ts',
  },
  {
    rule: 'A38',
    then: 'does not look below an anchor',
    in: 'shareAuthority',
    find: 'const belowOther = subjects.below(other);',
    replace: 'const belowOther = new Set(other.map(authorityIdentity));',
    spec: 'libs/x509/src/path/share-authority.spec.ts',
  },
  {
    rule: 'A38',
    then: 'gives one name to two partners under an authority and one below it',
    in: 'CertificateIdentities.claim',
    find: 'if (await isTaken(transaction, client, identity)) throw',
    replace: 'if (identity.sha256 === undefined) throw',
    spec: 'apps/partner-registry/src/trust-anchors/shared-identities.spec.ts',
  },
  {
    rule: 'A39',
    then: 'takes the silence of a part of a list for the whole',
    in: 'coveredReasons',
    find: 'if (scope === undefined) return ALL_REASONS;',
    replace: 'if (scope?.onlyAttributeCertificates !== true) return ALL_REASONS;',
    spec: 'libs/x509/src/path/list-scope.spec.ts',
  },
  {
    rule: 'A39',
    then: 'puts a list in the place of one about other certificates',
    in: 'AcceptCrl.accept',
    find: 'scope_sha256: list.scopeSha256 ?? null,',
    replace: 'scope_sha256: null,',
    spec: 'apps/partner-registry/src/crls/scoped-lists.spec.ts',
  },
];
