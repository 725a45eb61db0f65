import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Client } from '../records/client.entity.js';
import { RegistryError } from '../problems/registry-error.js';
import type { ResourceServer } from '../records/resource-server.entity.js';
import { ResourceServerRepository } from '../records/resource-server.repository.js';
import type { Scope } from '../records/scope.entity.js';
import { Grant } from '../records/grant.entity.js';
import { GrantRepository, type NamedGrant } from '../records/grant.repository.js';
import type { NewGrants } from './grant.schema.js';
import { requestedGrant } from './requested-grant.js';

/** Grants scopes to a client that the caller has locked in the same transaction: all of them, or none. */
@Injectable()
export class GrantScopes {
  constructor(
    private readonly resourceServers: ResourceServerRepository,
    private readonly grants: GrantRepository,
  ) {}

  /**
   * What is asked for is what holds afterwards: a grant that is in force is renewed with the new `valid_until`.
   * @param requestedBy client, as shown; null: bootstrap
   * @throws RegistryError `unknown_audience`, `environment_mismatch`, `unknown_scope`, `approval_pending`
   */
  async grant(
    transaction: EntityManager,
    client: Client,
    request: NewGrants,
    requestedBy: string | null,
    now: Date,
  ): Promise<NamedGrant[]> {
    const server = await this.serverFor(transaction, client, request.audience);
    const offered = await this.resourceServers.scopesOf(transaction, [server]);
    const scopes = [...new Set(request.scopes)].map((name) => scopeNamed(name, offered, request));
    const ids = scopes.map(({ id }) => id);
    const present = await this.grants.findOfClient(transaction, client.id, ids);
    const rows = scopes.map((scope) => {
      const row = present.find(({ scope_id }) => scope_id === scope.id);
      const asked = { validUntil: request.valid_until ?? null, requestedBy };
      return Object.assign(row ?? newRow(transaction, client, scope), requestedGrant(row, scope, asked, now));
    });
    const saved = await this.grants.save(transaction, rows);
    return saved.map((grant, at) => Object.assign(grant, { audience: server.audience, scope: scopes[at]!.name }));
  }

  private async serverFor(transaction: EntityManager, client: Client, audience: string): Promise<ResourceServer> {
    const server = await this.resourceServers.findByAudience(transaction, audience);
    if (!server) throw RegistryError.ofField('unknown_audience', '/audience', 'No resource server has this audience.');
    if (server.environment === client.environment) return server;
    const detail = `The resource server belongs to ${server.environment}, the client to ${client.environment}.`;
    throw RegistryError.ofField('environment_mismatch', '/audience', detail);
  }
}

function scopeNamed(name: string, offered: readonly Scope[], request: NewGrants): Scope {
  const scope = offered.find((candidate) => candidate.name === name);
  if (scope) return scope;
  const pointer = `/scopes/${request.scopes.indexOf(name)}`;
  throw RegistryError.ofField('unknown_scope', pointer, 'The resource server has no such scope.');
}

function newRow(transaction: EntityManager, client: Client, scope: Scope): Grant {
  return transaction.create(Grant, {
    client_id: client.id,
    scope_id: scope.id,
    resource_server_id: scope.resource_server_id,
    environment: client.environment,
  });
}
