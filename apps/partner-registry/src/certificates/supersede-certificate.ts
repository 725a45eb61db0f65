import { Injectable } from '@nestjs/common';
import type { Client } from '../records/client.entity.js';
import type { ActiveMutation, MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Operators } from '../operators/operators.js';
import type { Certificate } from '../records/certificate.entity.js';
import { supersessionWithoutEffect } from '../problems/certificate.errors.js';
import type { Supersession } from './certificate.schema.js';
import type { ShownCertificate } from './show-certificates.js';
import { CertificatesForChange } from '../locks/certificates-for-change.js';
import { FindSuccessors } from './find-successors.js';
import { successorWarnings, type CertificateWarning } from './successors.js';
import { TakeOutOfUse } from './take-out-of-use.js';

export type SupersededCertificate = ShownCertificate & { readonly warnings: CertificateWarning[] };

/** Out of use, and not accused of anything: now or at a date. */
@Injectable()
export class SupersedeCertificate {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: CertificatesForChange,
    private readonly taking: TakeOutOfUse,
    private readonly successors: FindSuccessors,
    private readonly operators: Operators,
  ) {}

  /**
   * Warns when the successor was never seen.
   */
  supersede(id: string, { at, reason }: Supersession, context: MutationContext): Promise<SupersededCertificate> {
    return this.mutations.run(context, async (mutation) => {
      const { client, certificate } = await this.forChange.lock(mutation, id);
      // Any certificate of its subject is accepted there: only revoking keeps one out.
      if (client.certificate_policy === 'identity_only') throw supersessionWithoutEffect();
      const saved = at
        ? await this.taking.at(mutation, client, certificate, { at, reason })
        : await this.taking.now(mutation, client, certificate, reason);
      await this.operators.assertStaysOperable(mutation, [client.id]);
      return this.answer(mutation, client, saved, at ?? mutation.now);
    });
  }

  private async answer(
    { transaction, now }: ActiveMutation,
    client: Client,
    certificate: Certificate,
    at: Date,
  ): Promise<SupersededCertificate> {
    const { shown, successors } = await this.successors.of(transaction, certificate, { at, now });
    // who is known by the certificates of a key set has its successors there
    const told =
      client.token_endpoint_auth_method === 'self_signed_tls_client_auth' ? [] : successorWarnings(successors);
    return Object.assign(shown, { warnings: told });
  }
}
