import type { Transitions } from '../conventions/transition.js';

export type CertificateStatus = 'pending' | 'active' | 'superseded' | 'revoked' | 'expired';

export type CertificateAction = 'revoke';

/** Revocation is final: there is no way out of `revoked`. */
export const CERTIFICATE_TRANSITIONS: Transitions<CertificateAction, CertificateStatus> = {
  revoke: { from: ['pending', 'active', 'superseded'], to: 'revoked' },
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
