import { assertLeastPrivilege } from '@partner-ecosystem/platform/database';
import { newRequestId } from '@partner-ecosystem/platform/logging';
import { DataSource, type EntityManager } from 'typeorm';
import { parseUpload } from '../certificates/parse-upload.js';
import { ClientExpectations } from '../certificates/client-expectations.js';
import { CertificateRepository } from '../certificates/certificate.repository.js';
import { PublicKeyRepository } from '../certificates/public-key.repository.js';
import { RegisterCertificate } from '../certificates/register-certificate.js';
import { Client } from '../clients/client.entity.js';
import { ClientRepository } from '../clients/client.repository.js';
import { clientOutput } from '../clients/client.schema.js';
import { dataSourceOptions } from '../database/data-source.js';
import { databaseRoles } from '../database/database-roles.js';
import { GrantScopes } from '../grants/grant-scopes.js';
import { GrantRepository } from '../grants/grant.repository.js';
import type { ActiveMutation, MutationContext } from '../mutations/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Partner } from '../partners/partner.entity.js';
import { PartnerRepository } from '../partners/partner.repository.js';
import { RegisterResourceServer } from '../resource-servers/register-resource-server.js';
import { ResourceServerRepository } from '../resource-servers/resource-server.repository.js';
import type { NewResourceServer } from '../resource-servers/resource-server.schema.js';
import { ClientTrustAnchorRepository } from '../trust-anchors/client-trust-anchor.repository.js';
import { OperatorExistsError } from './operator-exists-error.js';
import { REGISTRY_SCOPES } from './registry-scopes.js';

export interface Bootstrap {
  /** of the registry's runtime role */
  databaseUrl: string;
  /** the registry's own */
  audience: string;
  /** PEM, the leaf; intermediates may follow */
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
  const parsed = parseUpload({ pem: bootstrap.operatorCertificate });
  const database = await new DataSource(dataSourceOptions(bootstrap.databaseUrl)).initialize();
  try {
    await assertLeastPrivilege(database, databaseRoles);
    return await Mutations.on(database).run(contextOf(bootstrap), async (mutation) => {
      const { transaction } = mutation;
      await assertFirst(transaction);
      await registerResourceServers(mutation, bootstrap);
      const client = await createOperator(transaction, bootstrap.audience);
      await certificateRegistration().register(transaction, client, parsed, bootstrap.now);
      await grantEverything(mutation, client, bootstrap.audience);
      client.status = 'active';
      await new ClientRepository().save(transaction, client);
      record(mutation, client);
      return { operator_client_id: client.client_id };
    });
  } finally {
    await database.destroy();
  }
}

function contextOf({ audience }: Bootstrap): MutationContext {
  return {
    actor: { clientId: 'command:bootstrap', certificateThumbprint: null, scopes: [], audience },
    requestId: newRequestId(),
    dryRun: false,
    ifMatch: undefined,
    ifMatchRequired: false,
    idempotency: undefined,
    answerOf: (result) => Promise.resolve(result),
  };
}

function record(mutation: ActiveMutation, client: Client): void {
  const after = clientOutput.parse(client);
  mutation.audit({ action: 'operator.bootstrapped', targets: [after.id, after.partner_id], after, reason: REASON });
  mutation.announce({ type: 'operator.bootstrapped', data: after, clientIds: [client.id] });
}

async function assertFirst(transaction: EntityManager): Promise<void> {
  await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('bootstrap partner registry', 0))`);
  if (await new PartnerRepository().findPlatform(transaction)) throw new OperatorExistsError();
}

async function registerResourceServers(mutation: ActiveMutation, bootstrap: Bootstrap): Promise<void> {
  const registry: NewResourceServer = {
    audience: bootstrap.audience,
    name: 'Partner registry',
    environment: 'production',
    scopes: [...REGISTRY_SCOPES],
  };
  const registration = new RegisterResourceServer(new ResourceServerRepository());
  for (const server of [registry, ...bootstrap.resourceServers]) await registration.register(mutation, server);
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
  const certificates = new CertificateRepository();
  const expectations = new ClientExpectations(certificates, new ClientTrustAnchorRepository());
  return new RegisterCertificate(new ClientRepository(), certificates, new PublicKeyRepository(), expectations);
}

async function grantEverything({ transaction, now }: ActiveMutation, client: Client, audience: string): Promise<void> {
  const request = { audience, scopes: REGISTRY_SCOPES.map(({ name }) => name) };
  const granting = new GrantScopes(new ResourceServerRepository(), new GrantRepository());
  await granting.grant(transaction, client, request, null, now);
}
