import type { Transitions } from './transition.js';

export type PartnerStatus = 'pending' | 'active' | 'suspended' | 'offboarded';

/** What can be taken back. */
export type PartnerAction = 'activate' | 'suspend' | 'reinstate';

/**
 * A partner's status is not copied to its clients: the published view judges both, so that suspending a partner makes
 * its clients unusable at once, and reinstating it brings back exactly those that were usable before. Offboarding is
 * final: it retires the clients themselves.
 */
export const PARTNER_TRANSITIONS: Transitions<PartnerAction | 'offboard', PartnerStatus> = {
  activate: { from: ['pending'], to: 'active' },
  suspend: { from: ['active'], to: 'suspended' },
  reinstate: { from: ['suspended'], to: 'active' },
  offboard: { from: ['pending', 'active', 'suspended'], to: 'offboarded' },
};
