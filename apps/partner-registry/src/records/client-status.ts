import type { Transitions } from './transition.js';

export type ClientStatus = 'draft' | 'active' | 'suspended' | 'retired';

/** What can be taken back. */
export type ClientAction = 'activate' | 'suspend' | 'reinstate';

export const CLIENT_TRANSITIONS: Transitions<ClientAction | 'retire', ClientStatus> = {
  activate: { from: ['draft'], to: 'active' },
  suspend: { from: ['active'], to: 'suspended' },
  reinstate: { from: ['suspended'], to: 'active' },
  retire: { from: ['draft', 'active', 'suspended'], to: 'retired' },
};
