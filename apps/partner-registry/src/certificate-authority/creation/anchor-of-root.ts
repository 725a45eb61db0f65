import type { Certificate } from '@partner-ecosystem/x509';
import type { ActiveMutation } from '../../mutations/words/mutation-context.js';
import { RegistryError } from '../../problems/registry-error.js';
import { checkAnchor } from '../../trust-anchors/check-anchor.js';
import { TrustAnchor } from '../../records/trust-anchor.entity.js';
import { trustAnchorOutput } from '../../trust-anchors/trust-anchor.schema.js';

/**
 * The shared trust anchor that is this root, registered where it is not yet. Its `crl_mode` is `off`: what the platform
 * issued it revokes in its own registry, which takes effect at once and without a list.
 * @throws RegistryError `trust_anchor_refused`
 */
export async function anchorOfRoot(mutation: ActiveMutation, root: Certificate): Promise<TrustAnchor> {
  const { transaction, now } = mutation;
  const known = await transaction
    .createQueryBuilder(TrustAnchor, 'a')
    .where({ spki_sha256: root.spkiSha256, status: 'active' })
    .andWhere('a.partner_id IS NULL')
    .getOne();
  if (known) return known;
  const failed = checkAnchor(root, now).filter(({ result }) => result === 'fail');
  if (failed.length > 0) {
    const detail = `The root fails: ${failed.map(({ id }) => id).join(', ')}.`;
    throw new RegistryError('trust_anchor_refused', { detail, checks: failed });
  }
  const anchor = await transaction.save(
    transaction.create(TrustAnchor, {
      name: root.subject.text.slice(0, 200),
      partner_id: null,
      crl_mode: 'off',
      pem: root.pem,
      sha256: root.sha256,
      spki_sha256: root.spkiSha256,
      serial: root.serial,
      subject_dn: root.subject.text,
      key: root.key,
      not_before: root.notBefore,
      not_after: root.notAfter,
    }),
  );
  const after = trustAnchorOutput.parse(anchor);
  mutation.record({ action: 'trust_anchor.registered', targets: [after.id], after });
  return anchor;
}
