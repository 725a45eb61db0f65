import type { DataSource } from 'typeorm';
import { showIdentifier, uuidOf } from '../../identifiers/identifier.js';
import { Mutations } from '../../mutations/mutations.js';
import type { ActiveMutation } from '../../mutations/words/mutation-context.js';
import { commandContext, type RegistryIdentity } from '../../operators/command-context.js';
import { parseCertificate } from '@partner-ecosystem/x509';
import type { CertificateAuthority } from '../../records/certificate-authority.entity.js';
import { CertificateAuthorityRepository } from '../../records/certificate-authority.repository.js';
import { AuthorityRefusal } from './authority-refusal.js';
import { CREATE_CA, lockAuthorities, publishRootList } from './create-authority.js';
import { rootList, type Root } from './root.js';

export interface RootListOrder {
  readonly identity: RegistryIdentity;
  readonly days: number;
  /** `cau_…` that is revoked from now on; undefined: the list is only made anew */
  readonly revoke: string | undefined;
}

/**
 * Makes the root's next list and publishes it. An authority that is revoked with it issues nothing more.
 * @param keep puts the list where the root is, before it is published
 * @throws AuthorityRefusal `authority_unknown`
 */
export function renewRootList(
  database: DataSource,
  root: Root,
  order: RootListOrder,
  keep: (list: Buffer) => void,
): Promise<number> {
  return Mutations.on(database).run(commandContext(CREATE_CA, order.identity), async (mutation) => {
    const { transaction, now } = mutation;
    await lockAuthorities(transaction);
    const authorities = await belowRoot(mutation, root);
    const revoked = order.revoke === undefined ? [] : [await revokeAuthority(mutation, authorities, order.revoke)];
    const list = await rootList(root, { days: order.days, now, revoked });
    keep(list);
    const changed = await publishRootList(transaction, list, authorities[0]!.trust_anchor_id);
    const targets = authorities.map(({ id }) => showIdentifier('cau', id));
    const after = { root_spki_sha256: root.certificate.spkiSha256, revoked: order.revoke ?? null };
    mutation.audit({ action: 'certificate_authority.root_list_signed', targets, after });
    return changed;
  });
}

async function belowRoot({ transaction }: ActiveMutation, root: Root): Promise<CertificateAuthority[]> {
  const all = await new CertificateAuthorityRepository().all(transaction);
  const { spkiSha256 } = root.certificate;
  const authorities = all.filter(({ root_pem }) => parseCertificate(root_pem).spkiSha256 === spkiSha256);
  if (authorities.length > 0) return authorities;
  throw new AuthorityRefusal('authority_unknown', 'the registry has no authority below this root');
}

async function revokeAuthority(mutation: ActiveMutation, authorities: readonly CertificateAuthority[], shown: string) {
  const authority = authorities.find(({ id }) => id === uuidOf('cau', shown));
  if (!authority) throw new AuthorityRefusal('authority_unknown', `there is no authority ${shown} below this root`);
  authority.status = 'retired';
  await new CertificateAuthorityRepository().save(mutation.transaction, authority);
  mutation.record({
    action: 'certificate_authority.revoked',
    targets: [shown],
    reason: 'ca_compromise',
    data: { id: shown, reason: 'ca_compromise' },
  });
  const { serial } = parseCertificate(authority.pem);
  return { serial, revokedAt: mutation.now, reason: 'ca_compromise' as const };
}
