import { expect, it } from 'vitest';
import { dueRotation } from './due-rotation.js';
import type { KeyPurpose } from '../records/key-purpose.js';
import { SigningKeyPolicy } from './signing-key-policy.js';
import type { SigningKeyStatus } from '../records/signing-key.entity.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const DAY = 86_400_000;
const policy = new SigningKeyPolicy({ algorithms: ['PS256'] });
const key = (purpose: KeyPurpose, status: SigningKeyStatus, days = 0) => {
  const since = new Date(NOW.getTime() - days * DAY);
  const alg = purpose === 'access_token' ? ('PS256' as const) : ('ES256' as const);
  return { kid: `${purpose} ${status}`, purpose, alg, status, createdAt: since, activatedAt: since, retiredAt: since };
};
const young = (purpose: KeyPurpose) => [key(purpose, 'current'), key(purpose, 'next')];

it('A20, A28: each purpose founds its own keys, the feed with its one algorithm, also beside tokens that have theirs', () => {
  expect(dueRotation([], NOW, policy)).toEqual({
    purpose: 'access_token',
    step: { kind: 'found', algorithms: ['PS256'] },
  });
  expect(dueRotation(young('access_token'), NOW, policy)).toEqual({
    purpose: 'revocation_feed',
    step: { kind: 'found', algorithms: ['ES256'] },
  });
  expect(dueRotation([...young('access_token'), ...young('revocation_feed')], NOW, policy)).toBeUndefined();
});

it('A28: the feed rotates by the same rules, and no standby of one purpose serves the other', () => {
  const due = [key('revocation_feed', 'current', 31), key('revocation_feed', 'next', 31)];
  expect(dueRotation([...young('access_token'), ...due], NOW, policy)).toMatchObject({
    purpose: 'revocation_feed',
    step: { kind: 'promote', kid: 'revocation_feed next', retire: 'revocation_feed current' },
  });
  const lone = [...young('access_token'), key('revocation_feed', 'current', 31)];
  expect(dueRotation(lone, NOW, policy)).toMatchObject({ purpose: 'revocation_feed', step: { kind: 'stand-by' } });
});
