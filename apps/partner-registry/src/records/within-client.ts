import { showIdentifier } from '../identifiers/identifier.js';
import type { WithinClient } from '../mutations/words/mutation-context.js';
import type { Client } from './client.entity.js';

/** Whom the revocation of something of a client belongs to. */
export function withinClient({ partner_id, client_id }: Pick<Client, 'partner_id' | 'client_id'>): WithinClient {
  return { partner_id: showIdentifier('ptn', partner_id), client_id };
}
