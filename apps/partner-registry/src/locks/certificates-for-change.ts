import { Injectable } from '@nestjs/common';
import type { Client } from '../records/client.entity.js';
import { ClientsForChange } from './clients-for-change.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { RegistryError } from '../problems/registry-error.js';
import type { Certificate } from '../records/certificate.entity.js';
import { CertificateRepository } from '../records/certificate.repository.js';

/** The only way to a certificate that is to be changed: its client is locked first, whose operator rules hold for it too. */
@Injectable()
export class CertificatesForChange {
  constructor(
    private readonly clients: ClientsForChange,
    private readonly certificates: CertificateRepository,
  ) {}

  /** @throws RegistryError `not_found`, `operator_scope_required`, `precondition_failed` */
  async lock(mutation: ActiveMutation, id: string): Promise<{ client: Client; certificate: Certificate }> {
    return this.certificate(mutation, id, (clientId) => this.clients.lock(mutation, clientId));
  }

  /** To bring it into use. @throws RegistryError the same, `client_retired`, `scope_not_held` */
  async lockForCredentials(
    mutation: ActiveMutation,
    id: string,
  ): Promise<{ client: Client; certificate: Certificate }> {
    return this.certificate(mutation, id, (clientId) => this.clients.lockForCredentials(mutation, clientId));
  }

  private async certificate(mutation: ActiveMutation, id: string, lockClient: (id: string) => Promise<Client>) {
    const found = await this.certificates.find(mutation.transaction, id);
    if (!found) throw RegistryError.notFound();
    const client = await lockClient(found.client_id);
    const certificate = await this.certificates.lock(mutation.transaction, id);
    mutation.assertMatches(certificate!);
    return { client, certificate: certificate! };
  }
}
