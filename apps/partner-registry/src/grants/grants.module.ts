import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module.js';
import { ResourceServersModule } from '../resource-servers/resource-servers.module.js';
import { GrantClientScopes } from './grant-client-scopes.js';
import { GrantScopes } from './grant-scopes.js';
import { GrantRepository } from './grant.repository.js';
import { GrantsController } from './grants.controller.js';
import { ReadGrants } from './read-grants.js';

@Module({
  imports: [ClientsModule, ResourceServersModule],
  controllers: [GrantsController],
  providers: [GrantRepository, GrantScopes, GrantClientScopes, ReadGrants],
})
export class GrantsModule {}
