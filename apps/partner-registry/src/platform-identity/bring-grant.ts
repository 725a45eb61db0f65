import type { Client } from '../records/client.entity.js';
import { withinClient } from '../records/within-client.js';
import { Grant } from '../records/grant.entity.js';
import { GrantRepository } from '../records/grant.repository.js';
import { grantsOutput } from '../grants/grant.schema.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import type { ResourceServerWithScopes } from '../resource-servers/register-resource-server.js';
import { FOLLOW_REVOCATIONS } from '../mutations/words/token-service-scopes.js';

/**
 * Lets a client that a command has locked follow the revocations, without end. Also where the scope needs approval:
 * nobody who could approve it gets in.
 */
export async function bringGrant(
  mutation: ActiveMutation,
  client: Client,
  server: ResourceServerWithScopes,
  reason: string,
): Promise<void> {
  const { transaction } = mutation;
  const grants = new GrantRepository();
  const scope = server.scopes.find(({ name }) => name === FOLLOW_REVOCATIONS)!;
  const [present] = await grants.findOfClient(transaction, client.id, [scope.id]);
  if (present?.status === 'active' && present.valid_until === null) return;
  const { id: client_id, environment } = client;
  const subject = { client_id, environment, scope_id: scope.id, resource_server_id: server.id };
  const [granted] = await grants.save(transaction, [
    Object.assign(present ?? transaction.create(Grant, subject), {
      status: 'active',
      status_reason: reason,
      valid_until: null,
      requested_by: null,
      decided_by: null,
    }),
  ]);
  const names = { audience: server.audience, scope: scope.name };
  const after = grantsOutput.parse({ items: [{ ...granted!, ...names }] });
  const targets = [client.client_id, ...after.items.map(({ id }) => id)];
  mutation.record({ action: 'grant.granted', targets, after, reason, clientIds: [client_id] });
  if (!present) return;
  const revoked = { client_id: client.client_id, ...names };
  mutation.revoke({ kind: 'grant', subject: revoked, within: withinClient(client), mode: 'on', reason });
}
