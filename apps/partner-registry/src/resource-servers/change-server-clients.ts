import { Injectable } from '@nestjs/common';
import { ClientRepository } from '../records/client.repository.js';
import { ClientsForChange } from '../locks/clients-for-change.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { RegistryError } from '../problems/registry-error.js';
import { ResourceServerClient } from '../records/resource-server-client.entity.js';
import { ResourceServerRepository } from '../records/resource-server.repository.js';
import { serverClientOutput, type NewServerClient } from './resource-server.schema.js';
import { ResourceServersForChange } from '../locks/resource-servers-for-change.js';

/** Which clients may ask the token service about the tokens of a resource server. */
@Injectable()
export class ChangeServerClients {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: ResourceServersForChange,
    private readonly clientsForChange: ClientsForChange,
    private readonly clients: ClientRepository,
    private readonly resourceServers: ResourceServerRepository,
  ) {}

  /**
   * What is asked for is what holds afterwards.
   */
  link(serverId: string, request: NewServerClient, context: MutationContext): Promise<ResourceServerClient> {
    return this.mutations.run(context, async (mutation) => {
      const { transaction } = mutation;
      const server = await this.forChange.lock(mutation, serverId);
      if (!(await this.clients.find(transaction, request.client_id))) throw unknownClient();
      const client = await this.clientsForChange.lockLive(mutation, request.client_id);
      if (client.environment !== server.environment) throw environmentMismatch(server.environment, client.environment);
      const present = await this.resourceServers.findClient(transaction, serverId, client.id);
      mutation.assertMatches(present ?? server);
      const { id: client_id, environment } = client;
      const row =
        present ?? transaction.create(ResourceServerClient, { resource_server_id: serverId, client_id, environment });
      row.may_introspect = request.may_introspect === true;
      row.may_follow_revocations = request.may_follow_revocations === true;
      const link = await this.resourceServers.saveClient(transaction, row);
      const after = serverClientOutput.parse(link);
      const targets = [after.resource_server_id, after.client_id];
      mutation.record({ action: 'resource_server.client_linked', targets, after, clientIds: [client.id] });
      return link;
    });
  }

  unlink(serverId: string, clientId: string, context: MutationContext): Promise<void> {
    return this.mutations.run(context, async (mutation) => {
      const { transaction } = mutation;
      await this.forChange.lock(mutation, serverId);
      await this.clientsForChange.lock(mutation, clientId);
      const link = await this.resourceServers.findClient(transaction, serverId, clientId);
      if (!link) throw RegistryError.notFound();
      mutation.assertMatches(link);
      const before = serverClientOutput.parse(link);
      await this.resourceServers.removeClient(transaction, link);
      const targets = [before.resource_server_id, before.client_id];
      mutation.record({
        action: 'resource_server.client_unlinked',
        targets,
        before,
        data: before,
        clientIds: [clientId],
      });
    });
  }
}

function unknownClient(): RegistryError {
  return RegistryError.ofField('unknown_client', '/client_id', 'There is no such client.');
}

function environmentMismatch(server: string, client: string): RegistryError {
  const detail = `The resource server belongs to ${server}, the client to ${client}.`;
  return RegistryError.ofField('environment_mismatch', '/client_id', detail);
}
