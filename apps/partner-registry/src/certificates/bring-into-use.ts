import { Injectable } from '@nestjs/common';
import { parseCertificate } from '@partner-ecosystem/x509';
import type { EntityManager } from 'typeorm';
import type { Client } from '../records/client.entity.js';
import { violatedConstraint } from '../records/violated-constraint.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { CertificateIdentities } from '../judgement/certificate-identities.js';
import type { Certificate } from '../records/certificate.entity.js';
import { assertDateAhead, assertMayActivateAt } from '../judgement/certificate-dates.js';
import { certificateKnown, certificateRefused, dateWithoutEffect } from '../problems/certificate.errors.js';
import { assertMove, moveCertificate } from '../records/move-certificate.js';
import { CertificateRepository } from '../records/certificate.repository.js';
import { certificateOutput } from './certificate.schema.js';
import { ClientExpectations } from '../judgement/client-expectations.js';
import { isRefused, judgeCertificate } from '../judgement/judge-certificate.js';
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
    private readonly identities: CertificateIdentities,
  ) {}

  /**
   * @throws RegistryError `invalid_transition`, `certificate_refused`, `certificate_known`, `too_many_certificates`,
   * `identity_taken`
   */
  async now(mutation: ActiveMutation, client: Client, certificate: Certificate, reason: string): Promise<Certificate> {
    const { transaction, now } = mutation;
    const before = certificateOutput.parse(certificate);
    moveCertificate(certificate, 'activate', { now, reason });
    await this.judge(transaction, client, certificate, now);
    await this.registration.assertRoom(transaction, client, certificate, now);
    const saved = await this.save(transaction, certificate);
    if (saved.chain.length > 0) await this.identities.claim(transaction, client);
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
    assertMove(certificate, 'plan_activation');
    assertDateAhead(certificate, now);
    assertMayActivateAt(certificate, at, now, 'at');
    moveCertificate(certificate, 'plan_activation', { now, at, reason });
    await this.judge(transaction, client, certificate, now);
    await this.registration.assertRoom(transaction, client, certificate, now);
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
      throw violatedConstraint(error) === 'certificates_live_contents' ? certificateKnown() : error;
    }
  }
}
