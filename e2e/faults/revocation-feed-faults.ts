import type { Fault } from './fault.js';

const LIBRARY = 'libs/mtls-binding/src';
const FEED = `${LIBRARY}/protocol/revocation-feed.ts`;
const FEED_SPEC = `${LIBRARY}/protocol/revocation-feed.spec.ts`;
const MATCH = `${LIBRARY}/protocol/is-revoked.ts`;
const MATCH_SPEC = `${LIBRARY}/protocol/is-revoked.spec.ts`;

/** What the feed says, and whom it means. */
export const REVOCATION_FEED_FAULTS: readonly Fault[] = [
  {
    rule: 'R2',
    then: 'takes anything a feed key signed for the feed',
    file: FEED,
    find: ', typ: FEED_TYPE, currentDate: now',
    replace: ', currentDate: now',
    spec: FEED_SPEC,
  },
  {
    rule: 'R2',
    then: 'takes the feed of another issuer',
    file: FEED,
    find: 'jwtVerify(jws, keys, { issuer, algorithms,',
    replace: 'jwtVerify(jws, keys, { algorithms,',
    spec: FEED_SPEC,
  },
  {
    rule: 'R2',
    then: 'overlooks entries of a kind it does not know',
    file: FEED,
    find: 'const read = entries.map(',
    replace: 'const read = entries.filter((entry) => !isObject(entry) || isKind(entry.kind)).map(',
    spec: FEED_SPEC,
  },
  {
    rule: 'R2',
    then: 'overlooks a condition that it does not know',
    file: FEED,
    find: 'if (unknown !== undefined) throw',
    replace: "if (unknown === '') throw",
    spec: FEED_SPEC,
  },
  {
    rule: 'R2',
    then: 'keeps one of two entries about one subject',
    file: FEED,
    find: '  assertOneEach(read);',
    replace: '',
    spec: FEED_SPEC,
  },
  {
    rule: 'R2',
    then: 'takes a statement from the future',
    file: FEED,
    find: 'if (statement.iat > seconds + LEEWAY_SECONDS) {',
    replace: 'if (statement.iat > seconds + LONGEST_MAX_AGE) {',
    spec: FEED_SPEC,
  },
  {
    rule: 'R2',
    then: 'takes a statement in the second after its end',
    file: FEED,
    find: 'if (statement.exp <= seconds) throw',
    replace: 'if (statement.exp <= seconds - 1) throw',
    spec: FEED_SPEC,
  },
  {
    rule: 'R2',
    then: 'takes a statement for as long as it likes',
    file: FEED,
    find: 'maxAge > 0 && maxAge <= LONGEST_MAX_AGE',
    replace: 'maxAge > 0',
    spec: FEED_SPEC,
  },
  {
    rule: 'R2',
    then: 'spells a subject as its writer happened to',
    file: FEED,
    find: '...SUBJECT_MEMBERS[kind].map((member) => subject[member])',
    replace: '...Object.values(subject)',
    spec: FEED_SPEC,
  },
  {
    rule: 'R2',
    then: 'looks at the first scope only',
    file: MATCH,
    find: 'of token.scopes) {',
    replace: 'of token.scopes.slice(0, 1)) {',
    spec: MATCH_SPEC,
  },
  {
    rule: 'R2',
    then: 'lets a token of the very last moment pass a cutoff',
    file: MATCH,
    find: 'issuedAt.getTime() <= issued_before * 1000',
    replace: 'issuedAt.getTime() < issued_before * 1000',
    spec: MATCH_SPEC,
  },
  {
    rule: 'R2',
    then: 'lets new tokens through while their subject is off',
    file: MATCH,
    find: "mode === 'off' || issued_before === undefined || ",
    replace: '',
    spec: MATCH_SPEC,
  },
  {
    rule: 'R2',
    then: 'keeps tokens out for ever',
    file: MATCH,
    find: 'entry.expires_at * 1000 > now.getTime()',
    replace: 'entry.expires_at * 1000 > 0',
    spec: MATCH_SPEC,
  },
  {
    rule: 'R2',
    then: 'forgets that everything may be revoked at once',
    file: MATCH,
    find: "    refusing(find('all'), token, now) ??",
    replace: '',
    spec: MATCH_SPEC,
  },
  {
    rule: 'A29',
    then: 'goes on taking tokens of a distrusted key',
    file: MATCH,
    find: "    refusing(find('key', token.keyId), token, now) ??",
    replace: '',
    spec: MATCH_SPEC,
  },
];
