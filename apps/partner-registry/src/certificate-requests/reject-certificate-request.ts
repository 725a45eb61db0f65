import { Injectable } from '@nestjs/common';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import type { CertificateRequest } from '../records/certificate-request.entity.js';
import { CertificateRequestRepository } from '../records/certificate-request.repository.js';
import { recordCertificateRequest } from './record-certificate-request.js';
import { RequestsForDecision } from './requests-for-decision.js';

@Injectable()
export class RejectCertificateRequest {
  constructor(
    private readonly mutations: Mutations,
    private readonly forDecision: RequestsForDecision,
    private readonly requests: CertificateRequestRepository,
  ) {}

  /**
   * Gives nobody anything, so who made the request may take it back this way. Its key stays the partner's.
   */
  reject(id: string, reason: string, context: MutationContext): Promise<CertificateRequest> {
    return this.mutations.run(context, async (mutation) => {
      const { transaction, actor, now } = mutation;
      const { request, before } = await this.forDecision.lock(mutation, id, 'reject');
      Object.assign(request, { decided_by: actor.clientId, decided_at: now, decision_reason: reason });
      const saved = await this.requests.save(transaction, request);
      recordCertificateRequest(mutation, 'certificate_request.rejected', saved, { before, reason });
      return saved;
    });
  }
}
