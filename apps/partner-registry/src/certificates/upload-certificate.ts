import { Injectable } from '@nestjs/common';
import { ClientsForChange } from '../locks/clients-for-change.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { certificateOutput, type CertificateUpload } from './certificate.schema.js';
import { parseUpload } from '../judgement/parse-upload.js';
import { RegisterCertificate } from './register-certificate.js';
import { showCertificate, type ShownCertificate } from './show-certificates.js';

@Injectable()
export class UploadCertificate {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: ClientsForChange,
    private readonly registration: RegisterCertificate,
  ) {}

  /**
   * Parses, then judges and stores in one transaction: a refused upload leaves nothing, not even its key.
   */
  async upload(clientId: string, request: CertificateUpload, context: MutationContext): Promise<ShownCertificate> {
    const bundle = parseUpload(request);
    const { activate, activate_at: activateAt, replaces } = request;
    const terms = { status: activate === false ? 'pending' : 'active', activateAt, replaces } as const;
    return this.mutations.run(context, async (mutation) => {
      const client = await this.forChange.lockForCredentials(mutation, clientId);
      mutation.assertMatches(client);
      const certificate = await this.registration.register(mutation.transaction, client, bundle, mutation.now, terms);
      const after = certificateOutput.parse(certificate);
      mutation.record({
        action: 'certificate.registered',
        targets: [after.id, after.client_id],
        after,
        clientIds: [clientId],
      });
      return showCertificate(mutation.transaction, certificate, mutation.now);
    });
  }
}
