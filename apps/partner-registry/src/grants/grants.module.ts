import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module.js';
import { MutationsModule } from '../mutations/mutations.module.js';
import { OperatorsModule } from '../operators/operators.module.js';
import { ResourceServersModule } from '../resource-servers/resource-servers.module.js';
import { ClientScopesController } from './client-scopes.controller.js';
import { DecideGrant } from './decide-grant.js';
import { GrantClientScopes } from './grant-client-scopes.js';
import { GrantScopes } from './grant-scopes.js';
import { GrantRepository } from './grant.repository.js';
import { GrantsController } from './grants.controller.js';
import { ReadGrants } from './read-grants.js';

@Module({
  imports: [MutationsModule, OperatorsModule, ClientsModule, ResourceServersModule],
  controllers: [ClientScopesController, GrantsController],
  providers: [GrantRepository, GrantScopes, GrantClientScopes, DecideGrant, ReadGrants],
})
export class GrantsModule {}
