import { Injectable } from '@nestjs/common';
import type { CertificateCheck, CertificationRequest } from '@partner-ecosystem/x509';
import type { Client } from '../records/client.entity.js';
import { ClientsForChange } from '../locks/clients-for-change.js';
import type { ActiveMutation, MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { AdmitCertificateRequest } from './admit-certificate-request.js';
import { CertificateRequest } from '../records/certificate-request.entity.js';
import { CertificateRequestRepository } from '../records/certificate-request.repository.js';
import type { NewCertificateRequest } from './certificate-request.schema.js';
import { IssueCertificate } from './issue-certificate.js';
import { parseCertificateRequest } from './parse-certificate-request.js';
import { recordCertificateRequest, recordIssued } from './record-certificate-request.js';

@Injectable()
export class SubmitCertificateRequest {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: ClientsForChange,
    private readonly admission: AdmitCertificateRequest,
    private readonly requests: CertificateRequestRepository,
    private readonly issuing: IssueCertificate,
  ) {}

  /**
   * For production it waits for somebody else's approval; for sandbox the certificate is issued at once. A request that
   * is refused leaves nothing, not even its key.
   */
  async submit(clientId: string, body: NewCertificateRequest, context: MutationContext): Promise<CertificateRequest> {
    const parsed = parseCertificateRequest(body);
    return this.mutations.run(context, async (mutation) => {
      await this.issuing.prepare(mutation.transaction, clientId);
      const client = await this.forChange.lockForCredentials(mutation, clientId);
      mutation.assertMatches(client);
      const terms = { activate: body.activate ?? true, replaces: body.replaces ?? null };
      const { names, checks } = await this.admission.admit(mutation, client, parsed, terms);
      const row = rowOf(mutation, client, parsed, { ...terms, checks });
      const request = await this.requests.save(mutation.transaction, row);
      if (client.environment === 'production') {
        recordCertificateRequest(mutation, 'certificate_request.submitted', request);
        return request;
      }
      const certificate = await this.issuing.issue(mutation, client, request, parsed, names);
      Object.assign(request, { status: 'issued', decided_at: mutation.now, certificate_id: certificate.id });
      const saved = await this.requests.save(mutation.transaction, request);
      recordCertificateRequest(mutation, 'certificate_request.submitted', saved);
      recordIssued(mutation, certificate, saved);
      return saved;
    });
  }
}

function rowOf(
  { transaction, actor }: ActiveMutation,
  client: Client,
  { pem, spkiSha256, key }: CertificationRequest,
  terms: { activate: boolean; replaces: string | null; checks: CertificateCheck[] },
): CertificateRequest {
  return transaction.create(CertificateRequest, {
    client_id: client.id,
    status: 'submitted',
    csr: pem,
    spki_sha256: spkiSha256,
    key,
    ...terms,
    requested_by: actor.clientId,
  });
}
