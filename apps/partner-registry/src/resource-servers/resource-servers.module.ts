import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module.js';
import { MutationsModule } from '../mutations/mutations.module.js';
import { ChangeResourceServer } from './change-resource-server.js';
import { ChangeScopes } from './change-scopes.js';
import { ChangeServerClients } from './change-server-clients.js';
import { OfferedAlgorithms } from './offered-algorithms.js';
import { ReadResourceServers } from './read-resource-servers.js';
import { RegisterResourceServer } from './register-resource-server.js';
import { ResourceServerRepository } from './resource-server.repository.js';
import { ResourceServersController } from './resource-servers.controller.js';
import { ResourceServersForChange } from './resource-servers-for-change.js';
import { ScopesController } from './scopes.controller.js';
import { ServerClientsController } from './server-clients.controller.js';

@Module({
  imports: [MutationsModule, ClientsModule],
  controllers: [ResourceServersController, ScopesController, ServerClientsController],
  providers: [
    ResourceServerRepository,
    ResourceServersForChange,
    RegisterResourceServer,
    OfferedAlgorithms,
    ChangeResourceServer,
    ChangeScopes,
    ChangeServerClients,
    ReadResourceServers,
  ],
  exports: [ResourceServerRepository],
})
export class ResourceServersModule {}
