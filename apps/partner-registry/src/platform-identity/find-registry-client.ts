import type { EntityManager } from 'typeorm';
import { REVOCABLE } from '../records/certificate-status.js';
import { CertificateRepository } from '../records/certificate.repository.js';
import type { Client } from '../records/client.entity.js';
import { ClientRepository } from '../records/client.repository.js';
import { uuidOf } from '../identifiers/identifier.js';
import type { Partner } from '../records/partner.entity.js';
import type { ResourceServer } from '../records/resource-server.entity.js';
import { ResourceServerRepository } from '../records/resource-server.repository.js';
import { RegistryClientLostError } from './registry-client-lost-error.js';

export const WITHOUT_CLIENT_ID =
  'Leave CLIENT_ID out to have another client made, and configure the registry with that one.';

/**
 * The client that the registry is configured with, locked.
 * @throws RegistryClientLostError when it cannot be the registry's, or not any more
 */
export async function namedRegistryClient(
  transaction: EntityManager,
  clientId: string,
  platform: Partner,
  registry: ResourceServer,
): Promise<Client> {
  const uuid = uuidOf('cli', clientId);
  const client = uuid === undefined ? null : await new ClientRepository().lock(transaction, uuid);
  const fault = client ? faultOf(client, platform, registry) : 'is not registered';
  if (client && fault === undefined) return client;
  throw new RegistryClientLostError(`The client ${clientId} ${fault}. ${WITHOUT_CLIENT_ID}`);
}

/**
 * The one of the registry's own clients that has this certificate, locked. Not any client: an operator's certificate,
 * given by mistake, does not make the registry of that operator.
 */
export async function registryClientWith(
  transaction: EntityManager,
  sha256: string,
  platform: Partner,
  registry: ResourceServer,
): Promise<Client | null> {
  const same = await new CertificateRepository().findBySha256(transaction, sha256);
  const links = await new ResourceServerRepository().clientsOf(transaction, registry.id);
  const its = same.find(
    ({ status, client_id }) => REVOCABLE.includes(status) && links.some((link) => link.client_id === client_id),
  );
  const client = its ? await new ClientRepository().lock(transaction, its.client_id) : null;
  return client && faultOf(client, platform, registry) === undefined ? client : null;
}

function faultOf(client: Client, platform: Partner, registry: ResourceServer): string | undefined {
  if (client.partner_id !== platform.id) return 'does not belong to the platform';
  if (client.status === 'retired') return 'is retired, which is final';
  if (client.environment !== registry.environment) return 'belongs to another environment than the registry';
  if (client.token_endpoint_auth_method === 'tls_client_auth') return undefined;
  return 'does not sign in with registered certificates';
}
