import type { Fault } from './fault.js';

/** What the feed says, and whom it means. */
export const REVOCATION_FEED_FAULTS: readonly Fault[] = [
  {
    rule: 'R2',
    then: 'takes anything a feed key signed for the feed',
    in: 'verifiedClaims',
    find: ', typ: FEED_TYPE, currentDate: now',
    replace: ', currentDate: now',
    spec: 'libs/mtls-binding/src/protocol/revocation-feed.spec.ts',
  },
  {
    rule: 'R2',
    then: 'takes the feed of another issuer',
    in: 'verifiedClaims',
    find: 'jwtVerify(jws, keys, { issuer, algorithms,',
    replace: 'jwtVerify(jws, keys, { algorithms,',
    spec: 'libs/mtls-binding/src/protocol/revocation-feed.spec.ts',
  },
  {
    rule: 'R2',
    then: 'looks at the first scope only',
    in: 'revokedGrant',
    find: 'of token.scopes) {',
    replace: 'of token.scopes.slice(0, 1)) {',
    spec: 'libs/mtls-binding/src/protocol/is-revoked.spec.ts',
  },
  {
    rule: 'R2',
    then: 'lets a token of the very last moment pass a cutoff',
    in: 'refuses',
    find: 'issuedAt.getTime() <= issued_before * 1000',
    replace: 'issuedAt.getTime() < issued_before * 1000',
    spec: 'libs/mtls-binding/src/protocol/is-revoked.spec.ts',
  },
  {
    rule: 'A29',
    then: 'goes on taking tokens of a distrusted key',
    in: 'isRevoked',
    find: "    refusing(find('key', token.keyId), token, now) ??",
    replace: '',
    spec: 'libs/mtls-binding/src/protocol/is-revoked.spec.ts',
  },
];
