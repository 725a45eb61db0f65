import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Environment } from '../http/fields.schema.js';
import { RegistryError } from '../problems/registry-error.js';
import { ResourceServerRepository } from '../records/resource-server.repository.js';

@Injectable()
export class DefaultResources {
  constructor(private readonly resourceServers: ResourceServerRepository) {}

  /** @throws RegistryError `unknown_audience`, `environment_mismatch` */
  async assertReachable(transaction: EntityManager, audience: string, environment: Environment): Promise<void> {
    const server = await this.resourceServers.findByAudience(transaction, audience);
    const pointer = '/default_resource';
    if (!server) throw RegistryError.ofField('unknown_audience', pointer, 'No resource server has this audience.');
    if (server.environment === environment) return;
    const detail = `The resource server belongs to ${server.environment}, the client to ${environment}.`;
    throw RegistryError.ofField('environment_mismatch', pointer, detail);
  }
}
