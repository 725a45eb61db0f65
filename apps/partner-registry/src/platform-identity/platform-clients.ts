import { parseUpload } from '../judgement/parse-upload.js';
import { CertificateRepository } from '../records/certificate.repository.js';
import { ClientExpectations } from '../judgement/client-expectations.js';
import { PublicKeyRepository } from '../records/public-key.repository.js';
import { CertificateIdentities } from '../judgement/certificate-identities.js';
import { RegisterCertificate } from '../certificates/register-certificate.js';
import { Client } from '../records/client.entity.js';
import { CLIENT_TRANSITIONS } from '../records/client-status.js';
import { ClientRepository } from '../records/client.repository.js';
import { move } from '../records/transition.js';
import { clientOutput } from '../clients/client.schema.js';
import { DefaultResources } from '../clients/default-resources.js';
import type { Environment } from '../http/fields.schema.js';
import { GrantScopes } from '../grants/grant-scopes.js';
import { GrantRepository, type NamedGrant } from '../records/grant.repository.js';
import { grantsOutput } from '../grants/grant.schema.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import type { Partner } from '../records/partner.entity.js';
import { ResourceServerClient } from '../records/resource-server-client.entity.js';
import type { ResourceServer } from '../records/resource-server.entity.js';
import { ResourceServerRepository } from '../records/resource-server.repository.js';
import { serverClientOutput } from '../resource-servers/resource-server.schema.js';
import { FOLLOW_REVOCATIONS } from '../mutations/words/token-service-scopes.js';

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
    this.registration = new RegisterCertificate(
      this.clients,
      certificates,
      new PublicKeyRepository(),
      expectations,
      new CertificateIdentities(),
    );
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
    move(client, CLIENT_TRANSITIONS, 'activate');
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
    const clientIds = [client.id];
    this.mutation.record({ action: 'client.bootstrapped', targets, after, reason: this.reason, clientIds });
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
    this.mutation.record({ action, targets, after, reason: this.reason, clientIds: [client_id] });
  }

  private async letFollow(client: Client): Promise<void> {
    const items = await this.grant(client, this.issuer, [FOLLOW_REVOCATIONS]);
    const after = grantsOutput.parse({ items });
    const targets = [client.client_id, ...after.items.map(({ id }) => id)];
    this.mutation.record({ action: 'grant.granted', targets, after, reason: this.reason, clientIds: [client.id] });
  }
}
