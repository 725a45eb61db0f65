import type { Transitions } from '../conventions/transition.js';

export type CertificateStatus = 'pending' | 'active' | 'superseded' | 'revoked' | 'expired';

export type CertificateAction = 'activate' | 'plan_activation' | 'supersede' | 'revoke';

/** What can be used, or can come into use again. */
export const REVOCABLE: readonly CertificateStatus[] = ['pending', 'active', 'superseded'];

/** Superseding can be taken back, for a rotation that went wrong. Revocation is final: there is no way out of `revoked`. */
export const CERTIFICATE_TRANSITIONS: Transitions<CertificateAction, CertificateStatus> = {
  activate: { from: ['pending', 'superseded'], to: 'active' },
  plan_activation: { from: ['pending'], to: 'pending' },
  supersede: { from: ['pending', 'active'], to: 'superseded' },
  revoke: { from: REVOCABLE, to: 'revoked' },
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
