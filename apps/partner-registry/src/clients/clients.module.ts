import { Module } from '@nestjs/common';
import { PartnersModule } from '../partners/partners.module.js';
import { ResourceServersModule } from '../resource-servers/resource-servers.module.js';
import { ChangeClientStatus } from './change-client-status.js';
import { ClientRepository } from './client.repository.js';
import { ClientsForChange } from './clients-for-change.js';
import { ClientsController } from './clients.controller.js';
import { ReadClients } from './read-clients.js';
import { RegisterClient } from './register-client.js';

@Module({
  imports: [PartnersModule, ResourceServersModule],
  controllers: [ClientsController],
  providers: [ClientRepository, ClientsForChange, RegisterClient, ChangeClientStatus, ReadClients],
  exports: [ClientRepository, ClientsForChange],
})
export class ClientsModule {}
