import type { RevocationReason } from './certificate-status.js';

/** What a list of an authority of ours says about a certificate. */
export interface RevokedCertificate {
  /** hex */
  readonly serial: string;
  readonly revokedAt: Date;
  readonly reason: RevocationReason | null;
}
