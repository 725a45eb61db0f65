import { Injectable } from '@nestjs/common';
import { stateAfter } from '../conventions/transition.js';
import type { MutationContext } from '../mutations/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Operators } from '../operators/operators.js';
import type { Certificate } from './certificate.entity.js';
import { supersessionWithoutEffect } from './certificate.errors.js';
import { CERTIFICATE_TRANSITIONS } from './certificate-status.js';
import { CertificateRepository } from './certificate.repository.js';
import { certificateOutput } from './certificate.schema.js';
import { CertificatesForChange } from './certificates-for-change.js';
import { recordCertificate } from './record-certificate.js';
import { revokeTokensBoundTo } from './revoke-tokens-bound-to.js';

/** Out of use, and not accused of anything. */
@Injectable()
export class SupersedeCertificate {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: CertificatesForChange,
    private readonly certificates: CertificateRepository,
    private readonly operators: Operators,
  ) {}

  /**
   * @throws RegistryError `not_found`, `operator_scope_required`, `invalid_transition`, `certificates_unused`,
   * `last_operator`, `registry_client_needed`
   */
  supersede(id: string, reason: string, context: MutationContext): Promise<Certificate> {
    return this.mutations.run(context, async (mutation) => {
      const { client, certificate } = await this.forChange.lock(mutation, id);
      // Any certificate of its subject is accepted there: only revoking keeps one out.
      if (client.certificate_policy === 'identity_only') throw supersessionWithoutEffect();
      const before = certificateOutput.parse(certificate);
      certificate.status = stateAfter(CERTIFICATE_TRANSITIONS, 'supersede', certificate.status);
      certificate.status_reason = reason;
      const saved = await this.certificates.save(mutation.transaction, certificate);
      await this.operators.assertStaysOperable(mutation, [client.id]);
      recordCertificate(mutation, 'certificate.superseded', before, saved, reason);
      revokeTokensBoundTo(mutation, saved, client, 'off', reason);
      return saved;
    });
  }
}
