import { Injectable } from '@nestjs/common';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { assertAnother } from '../mutations/words/operator-rules.js';
import { AdmitCertificateRequest } from './admit-certificate-request.js';
import type { CertificateRequest } from '../records/certificate-request.entity.js';
import { CertificateRequestRepository } from '../records/certificate-request.repository.js';
import { IssueCertificate } from './issue-certificate.js';
import { parseCertificateRequest } from './parse-certificate-request.js';
import { recordCertificateRequest, recordIssued } from './record-certificate-request.js';
import { RequestsForDecision } from './requests-for-decision.js';

@Injectable()
export class ApproveCertificateRequest {
  constructor(
    private readonly mutations: Mutations,
    private readonly forDecision: RequestsForDecision,
    private readonly admission: AdmitCertificateRequest,
    private readonly requests: CertificateRequestRepository,
    private readonly issuing: IssueCertificate,
  ) {}

  /**
   * Four eyes, neither of them those of the client it is for. Everything is judged anew: what was sound when it came may
   * have changed since. The certificate is issued in the same transaction.
   */
  approve(id: string, reason: string, context: MutationContext): Promise<CertificateRequest> {
    return this.mutations.run(context, async (mutation) => {
      const { transaction, actor, now } = mutation;
      const { client, request, before } = await this.forDecision.lock(mutation, id, 'approve', (clientId) =>
        this.issuing.prepare(transaction, clientId),
      );
      assertAnother(actor, request.requested_by);
      assertAnother(actor, client.client_id);
      const parsed = parseCertificateRequest(request);
      const { names, checks } = await this.admission.admit(mutation, client, parsed, request);
      const certificate = await this.issuing.issue(mutation, client, request, parsed, names);
      const decision = { decided_by: actor.clientId, decided_at: now, decision_reason: reason };
      Object.assign(request, { ...decision, checks, certificate_id: certificate.id });
      const saved = await this.requests.save(transaction, request);
      recordCertificateRequest(mutation, 'certificate_request.approved', saved, { before, reason });
      recordIssued(mutation, certificate, saved);
      return saved;
    });
  }
}
