import { CERTIFICATE_TRANSITIONS, type CertificateAction, type RevocationReason } from './certificate-status.js';
import type { Certificate } from './certificate.entity.js';
import { stateAfter } from './transition.js';

export interface CertificateMove {
  readonly now: Date;
  /** the planned date; of a revocation since when */
  readonly at?: Date;
  /** kept as `status_reason`; undefined: it stays */
  readonly reason?: string;
  /** of a revocation */
  readonly revocation?: RevocationReason;
}

/** @throws RegistryError `invalid_transition` */
export function assertMove({ status }: Pick<Certificate, 'status'>, action: CertificateAction): void {
  stateAfter(CERTIFICATE_TRANSITIONS, action, status);
}

/**
 * Writes the status and the dates of a locked certificate: here, and nowhere else but where clients are retired with all
 * that is theirs.
 * @throws RegistryError `invalid_transition`
 */
export function moveCertificate(certificate: Certificate, action: CertificateAction, move: CertificateMove): void {
  const { now, at = now, reason, revocation } = move;
  const before = certificate.status;
  certificate.status = stateAfter(CERTIFICATE_TRANSITIONS, action, before);
  if (action === 'activate' || action === 'supersede') {
    // a date that has not come is none of the next time in use, nor is the one it was retired at before
    if (certificate.activate_at && certificate.activate_at > now) certificate.activate_at = null;
    const retired =
      action === 'activate' ? before === 'superseded' : certificate.retire_at && certificate.retire_at > now;
    if (retired) certificate.retire_at = null;
  } else if (action === 'plan_activation') {
    certificate.activate_at = at;
  } else if (action === 'plan_retirement') {
    certificate.retire_at = at;
  } else if (action === 'withdraw_dates') {
    certificate.retire_at = null;
    if (before === 'pending') certificate.activate_at = null;
  } else if (action === 'bring_back') {
    certificate.activate_at = certificate.retire_at = null;
  } else if (action === 'revoke') {
    certificate.revoked_at = at;
    certificate.revocation_reason = revocation ?? 'unspecified';
  }
  if (reason !== undefined) certificate.status_reason = reason;
}
