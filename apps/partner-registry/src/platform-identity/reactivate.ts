import type { Client } from '../records/client.entity.js';
import { CLIENT_TRANSITIONS } from '../records/client-status.js';
import { ClientRepository } from '../records/client.repository.js';
import { clientOutput } from '../clients/client.schema.js';
import { revokeTokensOf } from '../consequences/revoke-tokens-of.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import type { Partner } from '../records/partner.entity.js';
import { PARTNER_TRANSITIONS } from '../records/partner-status.js';
import { PartnerRepository } from '../records/partner.repository.js';
import { move } from '../records/transition.js';
import { partnerOutput } from '../partners/partner.schema.js';
import { RegistryClientLostError } from './registry-client-lost-error.js';

/** The platform's own partner, which a command has locked, active again. @throws RegistryClientLostError */
export async function reactivatePlatform(mutation: ActiveMutation, platform: Partner, reason: string): Promise<void> {
  if (platform.status === 'active') return;
  if (platform.status === 'offboarded')
    throw new RegistryClientLostError('The platform’s own partner is offboarded, which is final: restore a backup.');
  const partners = new PartnerRepository();
  const before = partnerOutput.parse(platform);
  move(platform, PARTNER_TRANSITIONS, platform.status === 'pending' ? 'activate' : 'reinstate', reason);
  const after = partnerOutput.parse(await partners.save(mutation.transaction, platform));
  const clientIds = await partners.clientIdsOf(mutation.transaction, platform.id);
  mutation.record({ action: 'partner.reinstated', targets: [after.id], before, after, reason, clientIds });
  mutation.revoke({ kind: 'partner', subject: { partner_id: after.id }, mode: 'on', reason });
}

/** A client that a command has locked, and that is not retired, active again, or for the first time. */
export async function reactivateClient(mutation: ActiveMutation, client: Client, reason: string): Promise<void> {
  if (client.status === 'active') return;
  const isFirst = client.status === 'draft';
  const before = clientOutput.parse(client);
  move(client, CLIENT_TRANSITIONS, isFirst ? 'activate' : 'reinstate', reason);
  const after = clientOutput.parse(await new ClientRepository().save(mutation.transaction, client));
  const action = isFirst ? 'client.activated' : 'client.reinstated';
  mutation.record({ action, targets: [after.id], before, after, reason, clientIds: [client.id] });
  if (!isFirst) revokeTokensOf(mutation, client, 'on', reason);
}
