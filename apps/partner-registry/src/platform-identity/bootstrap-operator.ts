import { assertLeastPrivilege } from '@partner-ecosystem/platform/database';
import { DataSource, type EntityManager } from 'typeorm';
import { clientOutput } from '../clients/client.schema.js';
import { dataSourceOptions } from '../database/data-source.js';
import { databaseRoles } from '../database/database-roles.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Partner } from '../records/partner.entity.js';
import { PartnerRepository } from '../records/partner.repository.js';
import type { ResourceServerWithScopes } from '../resource-servers/register-resource-server.js';
import type { NewResourceServer } from '../resource-servers/resource-server.schema.js';
import { commandContext, type RegistryIdentity } from '../operators/command-context.js';
import { lockPlatform } from './lock-platform.js';
import { nameRefusals } from './name-refusals.js';
import { OperatorExistsError } from './operator-exists-error.js';
import { PlatformClients } from './platform-clients.js';
import { registerServer, registerTokenService } from './platform-servers.js';
import { REGISTRY_SCOPES } from '../http/registry-scopes.js';

export interface Bootstrap extends RegistryIdentity {
  /** of the registry's runtime role */
  databaseUrl: string;
  /** PEM, the leaf; intermediates may follow */
  operatorCertificate: string;
  /** the same, of the registry as a client of the token service */
  registryCertificate: string;
  resourceServers: readonly BootstrapServer[];
  now: Date;
}

export type BootstrapServer = NewResourceServer & {
  /** the API itself as a client of the token service; PEM as above */
  client?: { client_name: string; certificate: string } | undefined;
};

/** What whoever starts the apps has to tell them. */
export interface Bootstrapped {
  operator_client_id: string;
  registry_client_id: string;
  /** those that were given, in their order */
  resource_servers: { audience: string; client_id: string | null }[];
}

/** Of the audit, and the reason given for everything. */
const BOOTSTRAP = 'bootstrap';

/**
 * The first operator, who can make every other one: a client of the platform's own partner with every scope of the
 * registry and nothing else. With it what has to be there before anybody can sign in: the registry, the token service
 * and the given APIs as resource servers, and their own clients, which follow the revocations.
 * One transaction; of two at once the second is refused.
 * @throws OperatorExistsError, RegistryError for a certificate or a resource server, DatabaseError
 */
export async function bootstrapOperator(bootstrap: Bootstrap): Promise<Bootstrapped> {
  const database = await new DataSource(dataSourceOptions(bootstrap.databaseUrl)).initialize();
  try {
    await assertLeastPrivilege(database, databaseRoles);
    return await Mutations.on(database).run(commandContext(BOOTSTRAP, bootstrap), async (mutation) => {
      if (await lockPlatform(mutation.transaction)) throw new OperatorExistsError();
      const registry = await registerServer(mutation, registryItself(bootstrap));
      await registerTokenService(mutation, bootstrap.issuer);
      const platform = await createPlatform(mutation.transaction);
      const clients = new PlatformClients(mutation, platform, bootstrap.issuer, BOOTSTRAP);
      const operator_client_id = await makeOperator(mutation, clients, bootstrap);
      const registry_client_id = await makeRegistryClient(clients, registry, bootstrap);
      const resource_servers = await registerGiven(mutation, clients, bootstrap);
      return { operator_client_id, registry_client_id, resource_servers };
    });
  } finally {
    await database.destroy();
  }
}

function registryItself({ audience }: Bootstrap): NewResourceServer {
  return { audience, name: 'Partner registry', environment: 'production', scopes: [...REGISTRY_SCOPES] };
}

function createPlatform(transaction: EntityManager): Promise<Partner> {
  const platform = transaction.create(Partner, {
    slug: 'platform',
    legal_name: 'The platform itself',
    is_platform: true,
    status: 'active',
    status_reason: BOOTSTRAP,
  });
  return new PartnerRepository().save(transaction, platform);
}

function makeOperator(mutation: ActiveMutation, clients: PlatformClients, bootstrap: Bootstrap): Promise<string> {
  const { audience, operatorCertificate: certificate } = bootstrap;
  return nameRefusals('the operator', async () => {
    const client = await clients.create({ client_name: 'Operator', default_resource: audience, certificate });
    await clients.grant(
      client,
      audience,
      REGISTRY_SCOPES.map(({ name }) => name),
    );
    const after = clientOutput.parse(client);
    const targets = [after.id, after.partner_id];
    mutation.record({ action: 'operator.bootstrapped', targets, after, reason: BOOTSTRAP, clientIds: [client.id] });
    return client.client_id;
  });
}

function makeRegistryClient(
  clients: PlatformClients,
  registry: ResourceServerWithScopes,
  { registryCertificate: certificate }: Bootstrap,
): Promise<string> {
  const request = { client_name: 'Partner registry', certificate };
  return nameRefusals('the registry', async () => (await clients.createFollower(request, registry)).client_id);
}

async function registerGiven(
  mutation: ActiveMutation,
  clients: PlatformClients,
  { resourceServers }: Bootstrap,
): Promise<Bootstrapped['resource_servers']> {
  const registered: Bootstrapped['resource_servers'] = [];
  for (const { client, ...description } of resourceServers) {
    const server = await registerServer(mutation, description);
    const whose = `the client of ${server.audience}`;
    const follower = client ? await nameRefusals(whose, () => clients.createFollower(client, server)) : null;
    registered.push({ audience: server.audience, client_id: follower?.client_id ?? null });
  }
  return registered;
}
