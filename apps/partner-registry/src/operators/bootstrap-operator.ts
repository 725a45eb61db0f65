import { assertLeastPrivilege } from '@partner-ecosystem/platform/database';
import { DataSource, type EntityManager } from 'typeorm';
import { parseUpload } from '../certificates/parse-upload.js';
import { CertificateRepository } from '../certificates/certificate.repository.js';
import { PublicKeyRepository } from '../certificates/public-key.repository.js';
import { RegisterCertificate } from '../certificates/register-certificate.js';
import { Client } from '../clients/client.entity.js';
import { ClientRepository } from '../clients/client.repository.js';
import { dataSourceOptions } from '../database/data-source.js';
import { databaseRoles } from '../database/database-roles.js';
import { GrantScopes } from '../grants/grant-scopes.js';
import { GrantRepository } from '../grants/grant.repository.js';
import { Partner } from '../partners/partner.entity.js';
import { PartnerRepository } from '../partners/partner.repository.js';
import { RegisterResourceServer } from '../resource-servers/register-resource-server.js';
import { ResourceServerRepository } from '../resource-servers/resource-server.repository.js';
import type { NewResourceServer } from '../resource-servers/resource-server.schema.js';
import { OperatorExistsError } from './operator-exists-error.js';
import { REGISTRY_SCOPES } from './registry-scopes.js';

export interface Bootstrap {
  /** of the registry's runtime role */
  databaseUrl: string;
  /** the registry's own */
  audience: string;
  /** PEM, the leaf only */
  operatorCertificate: string;
  resourceServers: readonly NewResourceServer[];
  now: Date;
}

export interface BootstrappedOperator {
  operator_client_id: string;
}

const REASON = 'bootstrap';

/**
 * The first operator, who can make every other one: a client of the platform's own partner with every scope of the
 * registry and nothing else. One transaction; of two at once the second is refused.
 * @throws OperatorExistsError, RegistryError for the certificate or a resource server, DatabaseError
 */
export async function bootstrapOperator(bootstrap: Bootstrap): Promise<BootstrappedOperator> {
  const parsed = parseUpload(bootstrap.operatorCertificate);
  const database = await new DataSource(dataSourceOptions(bootstrap.databaseUrl)).initialize();
  try {
    await assertLeastPrivilege(database, databaseRoles);
    return await database.transaction(async (transaction) => {
      await assertFirst(transaction);
      await registerResourceServers(transaction, bootstrap);
      const client = await createOperator(transaction, bootstrap.audience);
      await certificateRegistration().register(transaction, client, parsed, bootstrap.now);
      await grantEverything(transaction, client, bootstrap.audience);
      client.status = 'active';
      await new ClientRepository().save(transaction, client);
      return { operator_client_id: client.client_id };
    });
  } finally {
    await database.destroy();
  }
}

async function assertFirst(transaction: EntityManager): Promise<void> {
  await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('bootstrap partner registry', 0))`);
  if (await new PartnerRepository().findPlatform(transaction)) throw new OperatorExistsError();
}

async function registerResourceServers(transaction: EntityManager, bootstrap: Bootstrap): Promise<void> {
  const registry: NewResourceServer = {
    audience: bootstrap.audience,
    name: 'Partner registry',
    environment: 'production',
    scopes: [...REGISTRY_SCOPES],
  };
  const registration = new RegisterResourceServer(new ResourceServerRepository());
  for (const server of [registry, ...bootstrap.resourceServers]) await registration.register(transaction, server);
}

async function createOperator(transaction: EntityManager, audience: string): Promise<Client> {
  const partner = await new PartnerRepository().save(
    transaction,
    transaction.create(Partner, {
      slug: 'platform',
      legal_name: 'The platform itself',
      is_platform: true,
      status: 'active',
      status_reason: REASON,
    }),
  );
  const client = transaction.create(Client, {
    partner_id: partner.id,
    client_name: 'Operator',
    environment: 'production',
    default_resource: audience,
    status_reason: REASON,
  });
  return new ClientRepository().save(transaction, client);
}

function certificateRegistration(): RegisterCertificate {
  return new RegisterCertificate(new ClientRepository(), new CertificateRepository(), new PublicKeyRepository());
}

async function grantEverything(transaction: EntityManager, client: Client, audience: string): Promise<void> {
  const scopes = REGISTRY_SCOPES.map(({ name }) => name);
  await new GrantScopes(new ResourceServerRepository(), new GrantRepository()).grant(transaction, client, {
    audience,
    scopes,
  });
}
