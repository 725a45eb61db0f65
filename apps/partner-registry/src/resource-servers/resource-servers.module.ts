import { Module } from '@nestjs/common';
import { ReadResourceServers } from './read-resource-servers.js';
import { RegisterResourceServer } from './register-resource-server.js';
import { ResourceServerRepository } from './resource-server.repository.js';
import { ResourceServersController } from './resource-servers.controller.js';

@Module({
  controllers: [ResourceServersController],
  providers: [ResourceServerRepository, RegisterResourceServer, ReadResourceServers],
  exports: [ResourceServerRepository],
})
export class ResourceServersModule {}
