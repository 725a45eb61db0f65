import type { Fault } from './fault.js';

/** What a guard holds of the feed, how fresh that is, and when it asks. */
export const REVOCATION_FAULTS: readonly Fault[] = [
  {
    rule: 'R2',
    then: 'never looks a token up again that nothing was said of once',
    in: 'RevocationState.apply',
    find: '    if (statement.entries.length > 0) this.#unmentioned = new WeakSet();',
    replace: '',
    spec: 'libs/mtls-binding/src/revocation/seen-token-revoked.spec.ts',
  },
  {
    rule: 'R2',
    then: 'does not ask whether a token is revoked',
    in: 'assertAdmissible',
    find: '  revocations.assertNotRevoked(token, now);',
    replace: '',
    spec: 'libs/mtls-binding/src/nest/guard.spec.ts',
  },
  {
    rule: 'R9',
    then: 'goes by the wall clock alone',
    in: 'RevocationState.ageAt',
    find: 'Math.max(wall - this.#newest.iat * 1000, this.#clock.monotonic() - this.#newest.receivedAt)',
    replace: 'wall - this.#newest.iat * 1000',
    spec: 'libs/mtls-binding/src/revocation/revocation-state.spec.ts',
  },
  {
    rule: 'R9',
    then: 'is renewed by a statement that is not newer',
    in: 'RevocationState.apply',
    find: '    if (newer) {',
    replace: '    if (newer || statement.seq > 0) {',
    spec: 'libs/mtls-binding/src/revocation/revocation-state.spec.ts',
  },
  {
    rule: 'R9',
    then: 'takes a replayed statement',
    in: 'RevocationState.assertFollows',
    find: 'if (!newer && seq === own.seq) throw',
    replace: 'if (!newer && seq < own.seq) throw',
    spec: 'libs/mtls-binding/src/revocation/revocation-state.spec.ts',
  },
  {
    rule: 'R9',
    then: 'overlooks a gap',
    in: 'RevocationState.assertFollows',
    find: 'if (since > own.seq) throw',
    replace: 'if (since > seq) throw',
    spec: 'libs/mtls-binding/src/revocation/revocation-state.spec.ts',
  },
  {
    rule: 'R9',
    then: 'begins a new epoch without a snapshot',
    in: 'RevocationState.assertFollows',
    find: 'if (since !== 0) throw',
    replace: 'if (since > seq) throw',
    spec: 'libs/mtls-binding/src/revocation/revocation-state.spec.ts',
  },
  {
    rule: 'R9',
    then: 'lets requests through however old the revocations are',
    in: 'Admission.admitted',
    find: '    this.options.revocations.assertFresh(now);',
    replace: '',
    spec: 'libs/mtls-binding/src/nest/guard.spec.ts',
  },
];
