import { parseUpload } from '../certificates/parse-upload.js';
import { CertificateRepository } from '../certificates/certificate.repository.js';
import { ClientExpectations } from '../certificates/client-expectations.js';
import { PublicKeyRepository } from '../certificates/public-key.repository.js';
import { RegisterCertificate } from '../certificates/register-certificate.js';
import { Client } from '../clients/client.entity.js';
import { ClientRepository } from '../clients/client.repository.js';
import { clientOutput } from '../clients/client.schema.js';
import { DefaultResources } from '../clients/default-resources.js';
import type { Environment } from '../conventions/fields.schema.js';
import { GrantScopes } from '../grants/grant-scopes.js';
import { GrantRepository, type NamedGrant } from '../grants/grant.repository.js';
import { grantsOutput } from '../grants/grant.schema.js';
import type { ActiveMutation } from '../mutations/mutation-context.js';
import type { Partner } from '../partners/partner.entity.js';
import { ResourceServerClient } from '../resource-servers/resource-server-client.entity.js';
import type { ResourceServer } from '../resource-servers/resource-server.entity.js';
import { ResourceServerRepository } from '../resource-servers/resource-server.repository.js';
import { serverClientOutput } from '../resource-servers/resource-server.schema.js';
import { FOLLOW_REVOCATIONS } from './token-service-scopes.js';

export interface PlatformClientRequest {
  readonly client_name: string;
  /** PEM, the leaf; intermediates may follow */
  readonly certificate: string;
  readonly default_resource: string;
  readonly environment?: Environment;
}

/** Makes the platform's own clients within the mutation of a command: active at once, held to the checks of every client. */
export class PlatformClients {
  private readonly servers = new ResourceServerRepository();
  private readonly clients = new ClientRepository();
  private readonly granting = new GrantScopes(this.servers, new GrantRepository());
  private readonly registration: RegisterCertificate;

  constructor(
    private readonly mutation: ActiveMutation,
    private readonly platform: Partner,
    private readonly issuer: string,
    /** that the command gives for everything it does */
    private readonly reason: string,
  ) {
    const certificates = new CertificateRepository();
    const expectations = ClientExpectations.standalone();
    this.registration = new RegisterCertificate(this.clients, certificates, new PublicKeyRepository(), expectations);
  }

  /** @throws RegistryError for the certificate; `unknown_audience`, `environment_mismatch` */
  async create(request: PlatformClientRequest): Promise<Client> {
    const { transaction, now } = this.mutation;
    const { certificate, environment = 'production', ...names } = request;
    const upload = parseUpload({ pem: certificate });
    await new DefaultResources(this.servers).assertReachable(transaction, names.default_resource, environment);
    const row = transaction.create(Client, {
      ...names,
      partner_id: this.platform.id,
      environment,
      status_reason: this.reason,
    });
    const client = await this.clients.save(transaction, row);
    await this.registration.register(transaction, client, upload, now);
    client.status = 'active';
    return this.clients.save(transaction, client);
  }

  /** @throws RegistryError `unknown_audience`, `unknown_scope`, `environment_mismatch` */
  grant(client: Client, audience: string, scopes: string[]): Promise<NamedGrant[]> {
    const { transaction, now } = this.mutation;
    return this.granting.grant(transaction, client, { audience, scopes }, null, now);
  }

  /**
   * A resource server as a client of the token service: it follows the revocations and may ask about its own tokens.
   * @throws RegistryError for the certificate; `environment_mismatch` for a server of the sandbox, which the token
   * service does not belong to
   */
  async createFollower(
    request: Pick<PlatformClientRequest, 'client_name' | 'certificate'>,
    server: ResourceServer,
  ): Promise<Client> {
    const { environment } = server;
    const client = await this.create({ ...request, environment, default_resource: this.issuer });
    const after = clientOutput.parse(client);
    const targets = [after.id, after.partner_id];
    this.mutation.audit({ action: 'client.bootstrapped', targets, after, reason: this.reason });
    this.mutation.announce({ type: 'client.bootstrapped', data: after, clientIds: [client.id] });
    await this.link(client, server);
    await this.letFollow(client);
    return client;
  }

  /** Makes a client act for a server, unless it does already. */
  async link({ id: client_id, environment }: Client, { id: resource_server_id }: ResourceServer): Promise<void> {
    const { transaction } = this.mutation;
    const present = await this.servers.findClient(transaction, resource_server_id, client_id);
    if (present?.may_introspect && present.may_follow_revocations) return;
    const row = present ?? transaction.create(ResourceServerClient, { resource_server_id, client_id, environment });
    Object.assign(row, { may_introspect: true, may_follow_revocations: true });
    const after = serverClientOutput.parse(await this.servers.saveClient(transaction, row));
    const [action, targets] = ['resource_server.client_linked', [after.resource_server_id, after.client_id]];
    this.mutation.audit({ action, targets, after, reason: this.reason });
    this.mutation.announce({ type: action, data: after, clientIds: [client_id] });
  }

  private async letFollow(client: Client): Promise<void> {
    const items = await this.grant(client, this.issuer, [FOLLOW_REVOCATIONS]);
    const after = grantsOutput.parse({ items });
    const targets = [client.client_id, ...after.items.map(({ id }) => id)];
    this.mutation.audit({ action: 'grant.granted', targets, after, reason: this.reason });
    this.mutation.announce({ type: 'grant.granted', data: after, clientIds: [client.id] });
  }
}
