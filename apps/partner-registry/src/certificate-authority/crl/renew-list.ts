import type { ActiveMutation } from '../../mutations/words/mutation-context.js';
import type { CertificateAuthority } from '../../records/certificate-authority.entity.js';
import type { CertificateAuthorityRepository } from '../../records/certificate-authority.repository.js';
import { certificateAuthorityOutput } from '../certificate-authority.schema.js';
import type { Signer } from '../signed-certificate.js';
import { signedCrl } from './signed-crl.js';

/** Makes the next list of a locked authority, with everything that is revoked by now. */
export async function renewList(
  mutation: ActiveMutation,
  authorities: CertificateAuthorityRepository,
  { authority, signer, validityMs }: { authority: CertificateAuthority; signer: Signer; validityMs: number },
): Promise<CertificateAuthority> {
  const { transaction, now } = mutation;
  const number = BigInt(authority.crl_number) + 1n;
  const revoked = await authorities.revoked(transaction, authority, now);
  const nextUpdate = new Date(now.getTime() + validityMs);
  const list = { number, thisUpdate: now, nextUpdate, revoked };
  authority.crl = await signedCrl(list, signer);
  authority.crl_number = String(number);
  authority.crl_this_update = now;
  authority.crl_next_update = nextUpdate;
  const saved = await authorities.save(transaction, authority);
  const after = certificateAuthorityOutput.parse(saved);
  const { crl_number, crl_this_update, crl_next_update } = after;
  mutation.audit({
    action: 'certificate_authority.list_signed',
    targets: [after.id],
    after: { crl_number, crl_this_update, crl_next_update, entries: revoked.length },
  });
  return saved;
}
