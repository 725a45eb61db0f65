import { Injectable } from '@nestjs/common';
import { parseCertificate } from '@partner-ecosystem/x509';
import type { EntityManager } from 'typeorm';
import type { Client } from '../clients/client.entity.js';
import { stateAfter } from '../conventions/transition.js';
import { violatedConstraint } from '../database/constraint.js';
import type { MutationContext } from '../mutations/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import type { Certificate } from './certificate.entity.js';
import { certificateKnown, certificateRefused } from './certificate.errors.js';
import { CERTIFICATE_TRANSITIONS } from './certificate-status.js';
import { CertificateRepository } from './certificate.repository.js';
import { certificateOutput } from './certificate.schema.js';
import { CertificatesForChange } from './certificates-for-change.js';
import { ClientExpectations } from './client-expectations.js';
import { isRefused, judgeCertificate } from './judge-certificate.js';
import { recordCertificate } from './record-certificate.js';
import { RegisterCertificate } from './register-certificate.js';
import { revokeTokensBoundTo } from './revoke-tokens-bound-to.js';

/** Into use, for the first time or again. */
@Injectable()
export class ActivateCertificate {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: CertificatesForChange,
    private readonly certificates: CertificateRepository,
    private readonly registration: RegisterCertificate,
    private readonly expectations: ClientExpectations,
  ) {}

  /**
   * Judged anew: what was sound when it came may have run out since.
   * @throws RegistryError `not_found`, `operator_scope_required`, `scope_not_held`, `client_retired`,
   * `invalid_transition`, `certificate_refused`, `certificate_known`, `too_many_certificates`
   */
  activate(id: string, reason: string, context: MutationContext): Promise<Certificate> {
    return this.mutations.run(context, async (mutation) => {
      const { transaction, now } = mutation;
      const { client, certificate } = await this.forChange.lockForCredentials(mutation, id);
      const before = certificateOutput.parse(certificate);
      certificate.status = stateAfter(CERTIFICATE_TRANSITIONS, 'activate', certificate.status);
      await this.judge(transaction, client, certificate, now);
      await this.registration.assertRoom(transaction, client, now);
      certificate.status_reason = reason;
      const saved = await this.save(transaction, certificate);
      recordCertificate(mutation, 'certificate.activated', before, saved, reason);
      if (before.status === 'superseded') revokeTokensBoundTo(mutation, saved, client, 'on', reason);
      return saved;
    });
  }

  private async judge(transaction: EntityManager, client: Client, certificate: Certificate, now: Date): Promise<void> {
    const chain = certificate.chain.map((der) => parseCertificate(Buffer.from(der, 'base64')));
    const upload = { leaf: parseCertificate(certificate.pem), chain, passedOver: 0 };
    const { checks, path } = judgeCertificate(upload, await this.expectations.of(transaction, client), now);
    if (isRefused(checks)) throw certificateRefused(checks);
    Object.assign(certificate, { checks, path_valid_until: path.validUntil, path_trust_anchor_id: path.anchorId });
  }

  private async save(transaction: EntityManager, certificate: Certificate): Promise<Certificate> {
    try {
      return await this.certificates.save(transaction, certificate);
    } catch (error) {
      throw violatedConstraint(error) === 'certificates_live_sha256' ? certificateKnown() : error;
    }
  }
}
