import { stateAfter } from '../conventions/transition.js';
import { showIdentifier } from '../identifiers/identifier.js';
import type { ActiveMutation } from '../mutations/mutation-context.js';
import { CERTIFICATE_TRANSITIONS, type RevocationReason } from './certificate-status.js';
import type { Certificate } from './certificate.entity.js';
import type { CertificateRepository } from './certificate.repository.js';
import { certificateOutput } from './certificate.schema.js';
import { recordCertificate } from './record-certificate.js';
import { revokeTokensBoundTo } from './revoke-tokens-bound-to.js';

/** Why and since when, and who says so when it is not us. */
export interface RevocationTerms {
  readonly reason: RevocationReason;
  readonly at: Date;
  readonly source?: string;
}

/**
 * Writes what a revocation means: final for a locked certificate, and for every token that is bound to it.
 * @throws RegistryError `invalid_transition`
 */
export async function markRevoked(
  mutation: ActiveMutation,
  certificates: CertificateRepository,
  certificate: Certificate,
  { reason, at, source, partnerId }: RevocationTerms & { readonly partnerId: string },
): Promise<Certificate> {
  const before = certificateOutput.parse(certificate);
  certificate.status = stateAfter(CERTIFICATE_TRANSITIONS, 'revoke', certificate.status);
  certificate.revoked_at = at;
  certificate.revocation_reason = reason;
  if (source !== undefined) certificate.status_reason = source;
  const saved = await certificates.save(mutation.transaction, certificate);
  recordCertificate(mutation, 'certificate.revoked', before, saved, source ? `${reason}: ${source}` : reason);
  // A key belongs to one partner, whichever of its clients used it.
  const owner = { partner_id: partnerId, client_id: showIdentifier('cli', saved.client_id) };
  revokeTokensBoundTo(mutation, saved, owner, 'off', reason);
  return saved;
}
