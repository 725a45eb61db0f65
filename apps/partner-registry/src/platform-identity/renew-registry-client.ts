import { assertLeastPrivilege } from '@partner-ecosystem/platform/database';
import { DataSource, type EntityManager } from 'typeorm';
import { parseUpload } from '../judgement/parse-upload.js';
import type { Client } from '../records/client.entity.js';
import { dataSourceOptions } from '../database/data-source.js';
import { databaseRoles } from '../database/database-roles.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import type { Partner } from '../records/partner.entity.js';
import type { ResourceServer } from '../records/resource-server.entity.js';
import { ResourceServerRepository } from '../records/resource-server.repository.js';
import { isAnyAble } from '../operators/able-clients.js';
import { bringCertificate } from './bring-certificate.js';
import { bringGrant } from './bring-grant.js';
import { commandContext, type RegistryIdentity } from '../operators/command-context.js';
import { namedRegistryClient, registryClientWith, WITHOUT_CLIENT_ID } from './find-registry-client.js';
import { lockPlatform } from './lock-platform.js';
import { nameRefusals } from './name-refusals.js';
import { PlatformClients } from './platform-clients.js';
import { bringTokenService } from './platform-servers.js';
import { reactivateClient, reactivatePlatform } from './reactivate.js';
import { RegistryClientLostError } from './registry-client-lost-error.js';
import { FOLLOW_REVOCATIONS } from '../mutations/words/token-service-scopes.js';

export interface RegistryClientRenewal extends RegistryIdentity {
  /** of the registry's runtime role */
  databaseUrl: string;
  /** `cli_…`; undefined: another client, unless one has the certificate already */
  clientId: string | undefined;
  /** PEM, the leaf; intermediates may follow */
  registryCertificate: string;
  now: Date;
}

/** What the registry has to be configured with. */
export interface RenewedRegistryClient {
  registry_client_id: string;
}

const COMMAND = 'renew-registry-client';

/**
 * Brings the registry's own client back, past the API that cannot be reached without it: there, active, linked to the
 * registry, granted what it needs, the certificate active. What is as it should be already stays as it is.
 * One transaction; of two at once the second waits.
 *
 * Does not check: whether the registry has the certificate's key, and is configured with the client.
 * @throws RegistryClientLostError, RegistryError for the certificate, DatabaseError
 */
export async function renewRegistryClient(renewal: RegistryClientRenewal): Promise<RenewedRegistryClient> {
  const database = await new DataSource(dataSourceOptions(renewal.databaseUrl)).initialize();
  try {
    await assertLeastPrivilege(database, databaseRoles);
    return await Mutations.on(database).run(commandContext(COMMAND, renewal), async (mutation) => {
      const platform = await lockPlatform(mutation.transaction);
      if (!platform) throw new RegistryClientLostError('There is no operator yet: run bootstrap, which makes both.');
      const client = await nameRefusals('the registry', () => renew(mutation, platform, renewal));
      await assertAble(mutation, client, renewal);
      const reason = COMMAND;
      mutation.audit({ action: 'registry_client.renewed', targets: [client.client_id], reason });
      return { registry_client_id: client.client_id };
    });
  } finally {
    await database.destroy();
  }
}

async function renew(mutation: ActiveMutation, platform: Partner, renewal: RegistryClientRenewal): Promise<Client> {
  const { transaction } = mutation;
  const { clientId, issuer, registryCertificate } = renewal;
  const bundle = parseUpload({ pem: registryCertificate });
  const registry = await registryItself(transaction, renewal);
  await reactivatePlatform(mutation, platform, COMMAND);
  const tokenService = await bringTokenService(mutation, issuer);
  const clients = new PlatformClients(mutation, platform, issuer, COMMAND);
  const client =
    clientId === undefined
      ? ((await registryClientWith(transaction, bundle.leaf.sha256, platform, registry)) ??
        (await clients.createFollower({ client_name: 'Partner registry', certificate: registryCertificate }, registry)))
      : await namedRegistryClient(transaction, clientId, platform, registry);
  await bringCertificate(mutation, client, bundle, COMMAND);
  await clients.link(client, registry);
  await bringGrant(mutation, client, tokenService, COMMAND);
  await reactivateClient(mutation, client, COMMAND);
  return client;
}

async function registryItself(transaction: EntityManager, { audience }: RegistryIdentity): Promise<ResourceServer> {
  const server = await new ResourceServerRepository().findByAudience(transaction, audience);
  if (server) return server;
  throw new RegistryClientLostError(
    `AUDIENCE is not what this registry was bootstrapped with: ${audience} is unknown.`,
  );
}

// Whatever else is wrong with it: a command that says all is well has to have made it so.
async function assertAble(
  { transaction, now }: ActiveMutation,
  { id: clientId, client_id }: Client,
  { issuer: audience }: RegistryIdentity,
): Promise<void> {
  if (await isAnyAble(transaction, { audience, scope: FOLLOW_REVOCATIONS, clientId }, now)) return;
  throw new RegistryClientLostError(`The client ${client_id} cannot be made usable. ${WITHOUT_CLIENT_ID}`);
}
