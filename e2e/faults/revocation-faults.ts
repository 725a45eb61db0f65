import type { Fault } from './fault.js';

const LIBRARY = 'libs/mtls-binding/src';
const TOKEN = `${LIBRARY}/protocol/bound-token.ts`;
const TOKEN_SPEC = `${LIBRARY}/protocol/bound-token.spec.ts`;
const STATE = `${LIBRARY}/revocation/revocation-state.ts`;
const STATE_SPEC = `${LIBRARY}/revocation/revocation-state.spec.ts`;
const SEEN_SPEC = `${LIBRARY}/revocation/seen-token-revoked.spec.ts`;
const ADMISSIBLE = `${LIBRARY}/admission/assert-admissible.ts`;
const ADMISSION = `${LIBRARY}/nest/admission.ts`;
const GUARD_SPEC = `${LIBRARY}/nest/guard.spec.ts`;

/** What a guard holds of the feed, how fresh that is, and when it asks. */
export const REVOCATION_FAULTS: readonly Fault[] = [
  {
    rule: 'R2',
    then: 'takes a token that does not say which key signed it',
    file: TOKEN,
    find: 'tokenFromClaims(claims, keyIdFrom(kid), now)',
    replace: 'tokenFromClaims(claims, String(kid), now)',
    spec: TOKEN_SPEC,
  },
  {
    rule: 'R2',
    then: 'keeps what a snapshot no longer has',
    file: STATE,
    find: 'if (statement.since === 0) this.forgetEntries();',
    replace: '',
    spec: STATE_SPEC,
  },
  {
    rule: 'R2',
    then: 'never looks a token up again that nothing was said of once',
    file: STATE,
    find: '    if (statement.entries.length > 0) this.#unmentioned = new WeakSet();',
    replace: '',
    spec: SEEN_SPEC,
  },
  {
    rule: 'R2',
    then: 'never looks a token up again that was not refused once',
    file: STATE,
    find: 'if (!mentioned) this.#unmentioned.add(token);',
    replace: 'if (!entry) this.#unmentioned.add(token);',
    spec: SEEN_SPEC,
  },
  {
    rule: 'R2',
    then: 'does not ask whether a token is revoked',
    file: ADMISSIBLE,
    find: '  revocations.assertNotRevoked(token, now);',
    replace: '',
    spec: GUARD_SPEC,
  },
  {
    rule: 'R9',
    then: 'goes by the wall clock alone',
    file: STATE,
    find: 'Math.max(wall - this.#newest.iat * 1000, this.#clock.monotonic() - this.#newest.receivedAt)',
    replace: 'wall - this.#newest.iat * 1000',
    spec: STATE_SPEC,
  },
  {
    rule: 'R9',
    then: 'counts the age from when a statement came',
    file: STATE,
    find: 'Math.max(wall - this.#newest.iat * 1000, this.#clock.monotonic() - this.#newest.receivedAt)',
    replace: 'this.#clock.monotonic() - this.#newest.receivedAt',
    spec: STATE_SPEC,
  },
  {
    rule: 'R9',
    then: 'is renewed by a statement that is not newer',
    file: STATE,
    find: '    if (newer) {',
    replace: '    if (newer || statement.seq > 0) {',
    spec: STATE_SPEC,
  },
  {
    rule: 'R9',
    then: 'takes a replayed statement',
    file: STATE,
    find: 'if (!newer && seq === own.seq) throw',
    replace: 'if (!newer && seq < own.seq) throw',
    spec: STATE_SPEC,
  },
  {
    rule: 'R9',
    then: 'is renewed by a lower seq',
    file: STATE,
    find: 'if (seq < own.seq)',
    replace: 'if (seq < 0)',
    spec: STATE_SPEC,
  },
  {
    rule: 'R9',
    then: 'overlooks a gap',
    file: STATE,
    find: 'if (since > own.seq) throw',
    replace: 'if (since > seq) throw',
    spec: STATE_SPEC,
  },
  {
    rule: 'R9',
    then: 'begins a new epoch without a snapshot',
    file: STATE,
    find: 'if (since !== 0) throw',
    replace: 'if (since > seq) throw',
    spec: STATE_SPEC,
  },
  {
    rule: 'R9',
    then: 'goes back to an epoch that has ended',
    file: STATE,
    find: 'if (this.#left.has(epoch)) throw',
    replace: 'if (this.#left.has(`${epoch} `)) throw',
    spec: STATE_SPEC,
  },
  {
    rule: 'R9',
    then: 'begins a new epoch with an old statement',
    file: STATE,
    find: "if (!newer) throw new FeedRefusedError('feed_replayed', `epoch",
    replace: "if (!newer && since > 0) throw new FeedRefusedError('feed_replayed', `epoch",
    spec: STATE_SPEC,
  },
  {
    rule: 'R9',
    then: 'takes knowing nothing for fresh',
    file: STATE,
    find: 'if (this.#newest && ageMs <= this.#newest.maxAge * 1000) return;',
    replace: 'if (!this.#newest || ageMs <= this.#newest.maxAge * 1000) return;',
    spec: STATE_SPEC,
  },
  {
    rule: 'R9',
    then: 'lets requests through however old the revocations are',
    file: ADMISSION,
    find: '    this.options.revocations.assertFresh(now);',
    replace: '',
    spec: GUARD_SPEC,
  },
  {
    rule: 'R9',
    then: 'answers 503 to whom it would refuse anyway',
    file: ADMISSION,
    find: '    assertAdmissible(token, ',
    replace: '    this.options.revocations.assertFresh(now);\n    assertAdmissible(token, ',
    spec: GUARD_SPEC,
  },
  {
    rule: 'R9',
    then: 'answers 503 for want of a key before it looks at certificate and scopes',
    file: TOKEN,
    find: '  further(judged);',
    replace: '  if (unavailable) throw unavailable;\n  further(judged);',
    spec: GUARD_SPEC,
  },
  {
    rule: 'R9',
    then: 'takes the word of a token whose key cannot be had',
    file: TOKEN,
    find: '  if (unavailable) throw unavailable;',
    replace: '',
    spec: TOKEN_SPEC,
  },
];
