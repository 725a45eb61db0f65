import type { Client } from '../records/client.entity.js';
import { withinClient } from '../records/within-client.js';
import type { ActiveMutation, RevocationMode } from '../mutations/words/mutation-context.js';
import type { Certificate } from '../records/certificate.entity.js';

/** A record for the guards about every token that is bound to a client's certificate. */
export function revokeTokensBoundTo(
  mutation: ActiveMutation,
  { thumbprint }: Certificate,
  client: Pick<Client, 'partner_id' | 'client_id'>,
  mode: RevocationMode,
  reason: string,
): void {
  mutation.revoke({ kind: 'certificate', subject: { thumbprint }, within: withinClient(client), mode, reason });
}
