import type { Transitions } from './transition.js';

export type CertificateStatus = 'pending' | 'active' | 'superseded' | 'revoked' | 'expired';

export type CertificateAction =
  | 'activate'
  | 'plan_activation'
  | 'supersede'
  | 'plan_retirement'
  | 'withdraw_dates'
  | 'revoke'
  // by a job
  | 'expire'
  // by a command: an active one stays, without an end
  | 'bring_back';

/** What can be used, or can come into use again. */
export const REVOCABLE: readonly CertificateStatus[] = ['pending', 'active', 'superseded'];

/** Superseding can be taken back, for a rotation that went wrong. Revocation is final: there is no way out of `revoked`. */
export const CERTIFICATE_TRANSITIONS: Transitions<CertificateAction, CertificateStatus> = {
  activate: { from: ['pending', 'superseded'], to: 'active' },
  plan_activation: { from: ['pending'], to: 'pending' },
  supersede: { from: ['pending', 'active'], to: 'superseded' },
  plan_retirement: { from: ['pending', 'active'] },
  withdraw_dates: { from: ['pending', 'active'] },
  revoke: { from: REVOCABLE, to: 'revoked' },
  expire: { from: REVOCABLE, to: 'expired' },
  bring_back: { from: REVOCABLE, to: 'active' },
};

/** RFC 5280 section 5.3.1, as far as a registry can know it. */
export const REVOCATION_REASONS = [
  'unspecified',
  'key_compromise',
  'ca_compromise',
  'affiliation_changed',
  'superseded',
  'cessation_of_operation',
  'privilege_withdrawn',
] as const;

export type RevocationReason = (typeof REVOCATION_REASONS)[number];
