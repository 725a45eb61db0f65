import type { Transitions } from './transition.js';

export const CERTIFICATE_REQUEST_STATUSES = ['submitted', 'rejected', 'issued'] as const;

export type CertificateRequestStatus = (typeof CERTIFICATE_REQUEST_STATUSES)[number];

export type CertificateRequestAction = 'approve' | 'reject';

/** Approving issues in the same transaction: nothing is ever approved and not issued. */
export const CERTIFICATE_REQUEST_TRANSITIONS: Transitions<CertificateRequestAction, CertificateRequestStatus> = {
  approve: { from: ['submitted'], to: 'issued' },
  reject: { from: ['submitted'], to: 'rejected' },
};
