import type { Client } from '../clients/client.entity.js';
import { ClientRepository } from '../clients/client.repository.js';
import { clientOutput } from '../clients/client.schema.js';
import { revokeTokensOf } from '../clients/revoke-tokens-of.js';
import type { ActiveMutation } from '../mutations/mutation-context.js';
import type { Partner } from '../partners/partner.entity.js';
import { PartnerRepository } from '../partners/partner.repository.js';
import { partnerOutput } from '../partners/partner.schema.js';
import { RegistryClientLostError } from './registry-client-lost-error.js';

/** The platform's own partner, which a command has locked, active again. @throws RegistryClientLostError */
export async function reactivatePlatform(mutation: ActiveMutation, platform: Partner, reason: string): Promise<void> {
  if (platform.status === 'active') return;
  if (platform.status === 'offboarded')
    throw new RegistryClientLostError('The platform’s own partner is offboarded, which is final: restore a backup.');
  const partners = new PartnerRepository();
  const before = partnerOutput.parse(platform);
  Object.assign(platform, { status: 'active', status_reason: reason });
  const after = partnerOutput.parse(await partners.save(mutation.transaction, platform));
  const clientIds = await partners.clientIdsOf(mutation.transaction, platform.id);
  mutation.audit({ action: 'partner.reinstated', targets: [after.id], before, after, reason });
  mutation.announce({ type: 'partner.reinstated', data: after, clientIds });
  mutation.revoke({ kind: 'partner', subject: { partner_id: after.id }, mode: 'on', reason });
}

/** A client that a command has locked, and that is not retired, active again, or for the first time. */
export async function reactivateClient(mutation: ActiveMutation, client: Client, reason: string): Promise<void> {
  if (client.status === 'active') return;
  const action = client.status === 'draft' ? 'client.activated' : 'client.reinstated';
  const before = clientOutput.parse(client);
  Object.assign(client, { status: 'active', status_reason: reason });
  const after = clientOutput.parse(await new ClientRepository().save(mutation.transaction, client));
  mutation.audit({ action, targets: [after.id], before, after, reason });
  mutation.announce({ type: action, data: after, clientIds: [client.id] });
  if (before.status === 'suspended') revokeTokensOf(mutation, client, 'on', reason);
}
