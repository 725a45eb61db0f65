import { showIdentifier } from '../identifiers/identifier.js';
import type { ActiveMutation, RevocationMode } from '../mutations/words/mutation-context.js';
import type { Client } from '../records/client.entity.js';

/** A record for the guards about every token of a client. */
export function revokeTokensOf(mutation: ActiveMutation, client: Client, mode: RevocationMode, reason: string): void {
  const { client_id, partner_id } = client;
  const within = { partner_id: showIdentifier('ptn', partner_id) };
  mutation.revoke({ kind: 'client', subject: { client_id }, within, mode, reason });
}
