import type { Fault } from './fault.js';

const KEYS = 'apps/token-service/src/signing-keys';
const OPEN_SPEC = `${KEYS}/open-signing-key.spec.ts`;
const ROTATION = `${KEYS}/next-rotation-step.ts`;
const ROTATION_SPEC = `${KEYS}/next-rotation-step.spec.ts`;
const GUARD_TOKEN = 'libs/mtls-binding/src/protocol/bound-token.ts';
const GUARD_TOKEN_SPEC = 'libs/mtls-binding/src/protocol/bound-token.spec.ts';

export const SIGNING_KEY_FAULTS: readonly Fault[] = [
  {
    rule: 'A19',
    then: 'believes RS256',
    file: GUARD_TOKEN,
    find: "['ES256', 'PS256', 'EdDSA', 'Ed25519'];",
    replace: "['ES256', 'PS256', 'EdDSA', 'Ed25519', 'RS256'];",
    spec: GUARD_TOKEN_SPEC,
  },
  {
    rule: 'A19',
    then: 'makes short RSA keys',
    file: `${KEYS}/create-signing-key.ts`,
    find: '{ modulusLength: RSA_BITS }',
    replace: '{ modulusLength: RSA_BITS - 8 }',
    spec: OPEN_SPEC,
  },
  {
    rule: 'A20',
    then: 'publishes private keys',
    file: `${KEYS}/open-signing-key.ts`,
    find: '{ ...publicPartOf(jwk), kid,',
    replace: '{ ...jwk, kid,',
    spec: OPEN_SPEC,
  },
  {
    rule: 'A20',
    then: 'publishes a key under the kid of another one',
    file: `${KEYS}/open-signing-key.ts`,
    find: '(await calculateJwkThumbprint(jwk)) !== kid',
    replace: "kid === ''",
    spec: OPEN_SPEC,
  },
  {
    rule: 'A28',
    then: 'signs with a standby that nobody may know yet',
    file: ROTATION,
    find: ' || ageOf(standby.createdAt, now) < atLeastMs',
    replace: '',
    spec: ROTATION_SPEC,
  },
  {
    rule: 'A28',
    then: 'has no standby',
    file: ROTATION,
    find: "if (!standby) return { kind: 'stand-by', alg };",
    replace: '',
    spec: ROTATION_SPEC,
  },
  {
    rule: 'A28',
    then: 'withdraws a key while tokens under it live',
    file: ROTATION,
    find: 'ageOf(retiredAt, now) >= policy.keepRetiredMs',
    replace: 'ageOf(retiredAt, now) >= 0',
    spec: ROTATION_SPEC,
  },
  {
    rule: 'A28',
    then: 'opens the private part of another row',
    file: 'libs/platform/src/key-encryption/key-encryption-key.ts',
    find: "if (protectedHeader.kid !== kid) throw new Error('the ciphertext belongs to another key');",
    replace: '',
    spec: 'libs/platform/src/key-encryption/key-encryption-key.spec.ts',
  },
  {
    rule: 'A28',
    then: 'makes new keys beside one it cannot open',
    file: `${KEYS}/encryption-in-force.ts`,
    find: 'await encryption.open(privateJwe, kid);',
    replace: 'await encryption.open(privateJwe, kid).catch(() => ({ under: encryption }));',
    spec: `${KEYS}/encryption-in-force.spec.ts`,
  },
  {
    rule: 'A29',
    then: 'goes on publishing a distrusted key',
    file: `${KEYS}/distrust-signing-key.ts`,
    find: "await turn.move(kid, 'distrusted');",
    replace: '',
    spec: `${KEYS}/signing-keys.spec.ts`,
  },
];
