import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ClientsForChange } from '../clients/clients-for-change.js';
import type { Actor } from '../operators/operator-rules.js';
import type { Certificate } from './certificate.entity.js';
import { parseUpload } from './parse-upload.js';
import { RegisterCertificate } from './register-certificate.js';

@Injectable()
export class UploadCertificate {
  constructor(
    private readonly database: DataSource,
    private readonly forChange: ClientsForChange,
    private readonly registration: RegisterCertificate,
  ) {}

  /**
   * Parses, then judges and stores in one transaction: a refused upload leaves nothing, not even its key.
   * @throws RegistryError `not_found`, `operator_scope_required`, `private_key_in_request`, `certificate_bundle`,
   * `certificate_malformed`, and whatever `RegisterCertificate` refuses
   */
  async upload(clientId: string, pem: string, actor: Actor): Promise<Certificate> {
    const parsed = parseUpload(pem);
    return this.database.transaction(async (transaction) => {
      const client = await this.forChange.lock(transaction, clientId, actor);
      return this.registration.register(transaction, client, parsed, new Date());
    });
  }
}
