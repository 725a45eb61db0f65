import { describe, expect, it } from 'vitest';
import { CERTIFICATE_TRANSITIONS } from './certificate-status.js';
import { CLIENT_TRANSITIONS } from './client-status.js';
import { PARTNER_TRANSITIONS } from './partner-status.js';
import { stateAfter } from './transition.js';

const NEVER = 'refused';

describe('a partner', () => {
  it.each([
    ['activate', { pending: 'active', active: NEVER, suspended: NEVER, offboarded: NEVER }],
    ['suspend', { pending: NEVER, active: 'suspended', suspended: NEVER, offboarded: NEVER }],
    ['reinstate', { pending: NEVER, active: NEVER, suspended: 'active', offboarded: NEVER }],
  ] as const)('can be %sd from these states only', (action, expected) => {
    for (const [present, next] of Object.entries(expected)) {
      const change = () => stateAfter(PARTNER_TRANSITIONS, action, present as keyof typeof expected);
      if (next === NEVER) expect(change, present).toThrow(expect.objectContaining({ code: 'invalid_transition' }));
      else expect(change(), present).toBe(next);
    }
  });
});

describe('a client', () => {
  it.each([
    ['activate', { draft: 'active', active: NEVER, suspended: NEVER, retired: NEVER }],
    ['suspend', { draft: NEVER, active: 'suspended', suspended: NEVER, retired: NEVER }],
    ['reinstate', { draft: NEVER, active: NEVER, suspended: 'active', retired: NEVER }],
  ] as const)('can be %sd from these states only', (action, expected) => {
    for (const [present, next] of Object.entries(expected)) {
      const change = () => stateAfter(CLIENT_TRANSITIONS, action, present as keyof typeof expected);
      if (next === NEVER) expect(change, present).toThrow(expect.objectContaining({ code: 'invalid_transition' }));
      else expect(change(), present).toBe(next);
    }
  });
});

describe('a certificate', () => {
  it('stays revoked for ever', () => {
    expect(() => stateAfter(CERTIFICATE_TRANSITIONS, 'revoke', 'revoked')).toThrow('The status is revoked');
    expect(stateAfter(CERTIFICATE_TRANSITIONS, 'revoke', 'active')).toBe('revoked');
  });
});
