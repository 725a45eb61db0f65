import type { Fault } from './fault.js';

const REGISTRY = 'apps/partner-registry/src';
const TWINS_SPEC = `${REGISTRY}/certificates/twins.spec.ts`;
const POLICY = 'apps/token-service/src/clients/certificate-policy';
const X509 = 'libs/x509/src';
const SHARE = `${X509}/path/share-authority.ts`;
const SHARE_SPEC = `${X509}/path/share-authority.spec.ts`;
const COVERED = `${X509}/path/covered-reasons.ts`;
const SCOPE_SPEC = `${X509}/path/list-scope.spec.ts`;

/** What was denied stays denied, and nobody is taken for somebody else. */
export const DENIAL_FAULTS: readonly Fault[] = [
  {
    rule: 'A37',
    then: 'lets a revoked certificate come back under another signature',
    file: `${POLICY}/same-contents.ts`,
    find: ' || one.tbs_sha256 === tbsSha256',
    replace: '',
    spec: `${POLICY}/identity-only.spec.ts`,
  },
  {
    rule: 'A37',
    then: 'registers a revoked certificate again under another signature',
    file: `${REGISTRY}/records/certificate.repository.ts`,
    find: '{ tbs_sha256: tbsSha256 }',
    replace: '{ sha256: tbsSha256 }',
    spec: TWINS_SPEC,
  },
  {
    rule: 'A37',
    then: 'leaves tokens alone that are bound to a twin of a revoked certificate',
    file: `${REGISTRY}/consequences/cut-off-identities.ts`,
    find: "for (const client of users) revokeTokensOf(mutation, client, 'cutoff', reason);",
    replace: '',
    spec: TWINS_SPEC,
  },
  {
    rule: 'A37',
    then: 'knows a compromised key by one of its encodings alone',
    file: `${X509}/certificate/parse-certificate.ts`,
    find: 'usualEncodingOf(spki, key) ?? spki',
    replace: 'spki',
    spec: `${X509}/certificate/twins.spec.ts`,
  },
  {
    rule: 'A37',
    then: 'reads a second encoding of one signature',
    file: `${X509}/der/der-values.ts`,
    find: "if (content[0] !== 0) throw malformed('a signature",
    replace: "if (content.length === 0) throw malformed('a signature",
    spec: `${X509}/certificate/twins.spec.ts`,
  },
  {
    rule: 'A38',
    then: 'does not look below an anchor',
    file: SHARE,
    find: 'const belowOther = subjects.below(other);',
    replace: 'const belowOther = new Set(other.map(authorityIdentity));',
    spec: SHARE_SPEC,
  },
  {
    rule: 'A38',
    then: 'takes too much to verify for nothing in common',
    file: SHARE,
    find: 'return subjects.exhausted || [',
    replace: 'return [',
    spec: SHARE_SPEC,
  },
  {
    rule: 'A38',
    then: 'gives one name to two partners under an authority and one below it',
    file: `${REGISTRY}/judgement/certificate-identities.ts`,
    find: 'if (await isTaken(transaction, client, identity)) throw',
    replace: 'if (identity.sha256 === undefined) throw',
    spec: `${REGISTRY}/trust-anchors/shared-identities.spec.ts`,
  },
  {
    rule: 'A39',
    then: 'takes the silence of a part of a list for the whole',
    file: COVERED,
    find: 'if (scope === undefined) return ALL_REASONS;',
    replace: 'if (scope?.onlyAttributeCertificates !== true) return ALL_REASONS;',
    spec: SCOPE_SPEC,
  },
  {
    rule: 'A39',
    then: 'takes a list of users for one of authorities',
    file: COVERED,
    find: '(subject.isCa ? onlyUserCertificates : onlyAuthorities)',
    replace: '(subject.isCa ? false : onlyAuthorities)',
    spec: SCOPE_SPEC,
  },
  {
    rule: 'A39',
    then: 'passes over who is named in a list about others',
    file: `${X509}/path/revocation-state.ts`,
    find: "if (entry !== undefined && entry.reason !== 'removeFromCRL')",
    replace: "if (entry !== undefined && entry.reason !== 'removeFromCRL' && coveredReasons(subject, list).length > 0)",
    spec: SCOPE_SPEC,
  },
  {
    rule: 'A39',
    then: 'revokes for an entry of another authority',
    file: `${X509}/revocation/revoked-entries.ts`,
    find: 'if (!isOwn) continue;',
    replace: '',
    spec: SCOPE_SPEC,
  },
  {
    rule: 'A39',
    then: 'puts a list in the place of one about other certificates',
    file: `${REGISTRY}/crls/accept-crl.ts`,
    find: 'scope_sha256: list.scopeSha256 ?? null,',
    replace: 'scope_sha256: null,',
    spec: `${REGISTRY}/crls/scoped-lists.spec.ts`,
  },
];
