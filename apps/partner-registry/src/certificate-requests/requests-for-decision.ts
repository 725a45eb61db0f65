import { Injectable } from '@nestjs/common';
import type { Client } from '../records/client.entity.js';
import { ClientsForChange } from '../locks/clients-for-change.js';
import { move } from '../records/transition.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { RegistryError } from '../problems/registry-error.js';
import {
  CERTIFICATE_REQUEST_TRANSITIONS,
  type CertificateRequestAction,
} from '../records/certificate-request-status.js';
import type { CertificateRequest } from '../records/certificate-request.entity.js';
import { CertificateRequestRepository } from '../records/certificate-request.repository.js';
import { certificateRequestOutput } from './certificate-request.schema.js';

/** A request that can be decided, locked, its client locked before it. */
export interface RequestForDecision {
  readonly client: Client;
  readonly request: CertificateRequest;
  /** as it was, for the audit */
  readonly before: object;
}

/** The only way to a request that is to be decided. */
@Injectable()
export class RequestsForDecision {
  constructor(
    private readonly clients: ClientsForChange,
    private readonly requests: CertificateRequestRepository,
  ) {}

  /**
   * Decided by the actor, as far as the request itself says so.
   * @throws RegistryError `not_found`, `operator_scope_required`, `scope_not_held`, `client_retired` unless it is
   * rejected, `precondition_failed`, `invalid_transition`
   */
  async lock(
    mutation: ActiveMutation,
    id: string,
    action: CertificateRequestAction,
    prepare: (clientId: string) => Promise<void> = () => Promise.resolve(),
  ): Promise<RequestForDecision> {
    const found = await this.requests.find(mutation.transaction, id);
    if (!found) throw RegistryError.notFound();
    await prepare(found.client_id);
    const client =
      action === 'approve'
        ? await this.clients.lockForCredentials(mutation, found.client_id)
        : await this.clients.lock(mutation, found.client_id);
    const request = (await this.requests.lock(mutation.transaction, id))!;
    mutation.assertMatches(request);
    const before = certificateRequestOutput.parse(request);
    move(request, CERTIFICATE_REQUEST_TRANSITIONS, action);
    return { client, request, before };
  }
}
