import { Injectable } from '@nestjs/common';
import { parseCertificate } from '@partner-ecosystem/x509';
import type { EntityManager } from 'typeorm';
import type { Client } from '../clients/client.entity.js';
import { stateAfter } from '../conventions/transition.js';
import { violatedConstraint } from '../database/constraint.js';
import type { ActiveMutation } from '../mutations/mutation-context.js';
import type { Certificate } from './certificate.entity.js';
import { assertDateAhead, assertMayActivateAt } from './certificate-dates.js';
import { certificateKnown, certificateRefused, dateWithoutEffect } from './certificate.errors.js';
import { CERTIFICATE_TRANSITIONS } from './certificate-status.js';
import { CertificateRepository } from './certificate.repository.js';
import { certificateOutput } from './certificate.schema.js';
import { ClientExpectations } from './client-expectations.js';
import { isRefused, judgeCertificate } from './judge-certificate.js';
import { recordCertificate } from './record-certificate.js';
import { RegisterCertificate } from './register-certificate.js';
import { revokeTokensBoundTo } from './revoke-tokens-bound-to.js';

/** Brings a locked certificate of a locked client into use, now or at a date. Judged anew: what was sound when it came may have run out. */
@Injectable()
export class BringIntoUse {
  constructor(
    private readonly certificates: CertificateRepository,
    private readonly registration: RegisterCertificate,
    private readonly expectations: ClientExpectations,
  ) {}

  /**
   * @throws RegistryError `invalid_transition`, `certificate_refused`, `certificate_known`, `too_many_certificates`
   */
  async now(mutation: ActiveMutation, client: Client, certificate: Certificate, reason: string): Promise<Certificate> {
    const { transaction, now } = mutation;
    const before = certificateOutput.parse(certificate);
    certificate.status = stateAfter(CERTIFICATE_TRANSITIONS, 'activate', certificate.status);
    if (certificate.activate_at && certificate.activate_at > now) certificate.activate_at = null;
    // the date it was retired at before is none of its next time in use
    if (before.status === 'superseded') certificate.retire_at = null;
    await this.judge(transaction, client, certificate, now);
    await this.registration.assertRoom(transaction, client, certificate, now);
    certificate.status_reason = reason;
    const saved = await this.save(transaction, certificate);
    recordCertificate(mutation, 'certificate.activated', before, saved, reason);
    // nothing is recorded where its tokens were not refused
    revokeTokensBoundTo(mutation, saved, client, 'on', reason);
    return saved;
  }

  /**
   * Stays pending until then.
   * @throws RegistryError the same, `date_impossible`, `certificates_unused`
   */
  async at(
    mutation: ActiveMutation,
    client: Client,
    certificate: Certificate,
    { at, reason }: { at: Date; reason: string },
  ): Promise<Certificate> {
    const { transaction, now } = mutation;
    if (client.certificate_policy === 'identity_only') throw dateWithoutEffect();
    const before = certificateOutput.parse(certificate);
    certificate.status = stateAfter(CERTIFICATE_TRANSITIONS, 'plan_activation', certificate.status);
    assertDateAhead(certificate, now);
    assertMayActivateAt(certificate, at, now, 'at');
    certificate.activate_at = at;
    await this.judge(transaction, client, certificate, now);
    await this.registration.assertRoom(transaction, client, certificate, now);
    certificate.status_reason = reason;
    const saved = await this.save(transaction, certificate);
    recordCertificate(mutation, 'certificate.activation_planned', before, saved, reason);
    return saved;
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
