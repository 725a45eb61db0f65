import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Environment } from '../conventions/fields.schema.js';
import { assertMayChangeOperators, type Actor } from '../operators/operator-rules.js';
import { PartnerRepository } from '../partners/partner.repository.js';
import { RegistryError } from '../problems/registry-error.js';
import { ResourceServerRepository } from '../resource-servers/resource-server.repository.js';
import { Client } from './client.entity.js';
import { ClientRepository } from './client.repository.js';
import { canonicalOf, type NewClient } from './client.schema.js';

const DEFAULT_ENVIRONMENT: Environment = 'sandbox'; // production is something one asks for

@Injectable()
export class RegisterClient {
  constructor(
    private readonly database: DataSource,
    private readonly partners: PartnerRepository,
    private readonly resourceServers: ResourceServerRepository,
    private readonly clients: ClientRepository,
  ) {}

  /** @throws RegistryError `unknown_partner`, `operator_scope_required`, `unknown_audience`, `environment_mismatch` */
  async register(request: NewClient, actor: Actor): Promise<Client> {
    return this.database.transaction(async (transaction) => {
      await this.assertPartner(transaction, request.partner_id, actor);
      const environment = request.environment ?? DEFAULT_ENVIRONMENT;
      if (request.default_resource !== undefined) {
        await this.assertReachable(transaction, request.default_resource, environment);
      }
      const client = transaction.create(Client, { ...request, environment, ...subjectOf(request) });
      return this.clients.save(transaction, client);
    });
  }

  private async assertPartner(transaction: EntityManager, id: string, actor: Actor): Promise<void> {
    const partner = await this.partners.find(transaction, id);
    if (!partner) throw RegistryError.ofField('unknown_partner', '/partner_id', 'There is no such partner.');
    if (partner.is_platform) assertMayChangeOperators(actor);
  }

  private async assertReachable(transaction: EntityManager, audience: string, environment: Environment): Promise<void> {
    const server = await this.resourceServers.findByAudience(transaction, audience);
    const pointer = '/default_resource';
    if (!server) throw RegistryError.ofField('unknown_audience', pointer, 'No resource server has this audience.');
    if (server.environment === environment) return;
    const detail = `The resource server belongs to ${server.environment}, the client to ${environment}.`;
    throw RegistryError.ofField('environment_mismatch', pointer, detail);
  }
}

function subjectOf(request: NewClient): Partial<Client> {
  const dn = request.tls_client_auth_subject_dn;
  return dn === undefined ? {} : { tls_client_auth_subject_dn: canonicalOf(dn)! };
}
