import { showIdentifier } from '../identifiers/identifier.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import type { RevocationReason } from '../records/certificate-status.js';
import { moveCertificate } from '../records/move-certificate.js';
import type { Certificate } from '../records/certificate.entity.js';
import type { CertificateRepository } from '../records/certificate.repository.js';
import { certificateOutput } from './certificate.schema.js';
import { cutOffIdentities } from '../consequences/cut-off-identities.js';
import { revokeTokensBoundTo } from './revoke-tokens-bound-to.js';

/** Why and since when, and who says so when it is not us. */
export interface RevocationTerms {
  readonly reason: RevocationReason;
  readonly at: Date;
  readonly source?: string;
}

/**
 * Writes what a revocation means: final for a locked certificate, and for every token that is bound to it or to another
 * signature over its contents.
 * @throws RegistryError `invalid_transition`
 */
export async function markRevoked(
  mutation: ActiveMutation,
  certificates: CertificateRepository,
  certificate: Certificate,
  { reason, at, source, partnerId }: RevocationTerms & { readonly partnerId: string },
): Promise<Certificate> {
  const before = certificateOutput.parse(certificate);
  const { now } = mutation;
  moveCertificate(certificate, 'revoke', { now, at, revocation: reason, ...(source && { reason: source }) });
  const saved = await certificates.save(mutation.transaction, certificate);
  // A key belongs to one partner, whichever of its clients used it.
  const owner = { partner_id: partnerId, client_id: showIdentifier('cli', saved.client_id) };
  revokeTokensBoundTo(mutation, saved, owner, 'off', reason);
  const clientIds = [saved.client_id, ...(await cutOffIdentities(mutation, saved, reason))];
  const [after, action] = [certificateOutput.parse(saved), 'certificate.revoked'];
  const why = source ? `${reason}: ${source}` : reason;
  mutation.record({ action, targets: [after.id, after.client_id], before, after, reason: why, clientIds });
  return saved;
}
