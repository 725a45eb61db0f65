import type { Transitions } from './transition.js';

export const GRANT_STATUSES = ['requested', 'active', 'rejected', 'revoked'] as const;

export type GrantStatus = (typeof GRANT_STATUSES)[number];

export type GrantAction = 'approve' | 'reject' | 'revoke';

/** What was rejected or revoked comes back by being asked for again. */
export const GRANT_TRANSITIONS: Transitions<GrantAction, GrantStatus> = {
  approve: { from: ['requested'], to: 'active' },
  reject: { from: ['requested'], to: 'rejected' },
  revoke: { from: ['requested', 'active'], to: 'revoked' },
};
