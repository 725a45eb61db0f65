import { Injectable } from '@nestjs/common';
import type { Client } from '../clients/client.entity.js';
import { stateAfter } from '../conventions/transition.js';
import type { ActiveMutation } from '../mutations/mutation-context.js';
import type { Certificate } from './certificate.entity.js';
import { assertDateAhead, assertMayRetireAt } from './certificate-dates.js';
import { CERTIFICATE_TRANSITIONS } from './certificate-status.js';
import { CertificateRepository } from './certificate.repository.js';
import { certificateOutput } from './certificate.schema.js';
import { recordCertificate } from './record-certificate.js';
import { RegisterCertificate } from './register-certificate.js';
import { revokeTokensBoundTo } from './revoke-tokens-bound-to.js';

/** Takes a locked certificate of a locked client out of use, now or at a date. */
@Injectable()
export class TakeOutOfUse {
  constructor(
    private readonly certificates: CertificateRepository,
    private readonly registration: RegisterCertificate,
  ) {}

  /** The tokens bound to it end, too. @throws RegistryError `invalid_transition` */
  async now(mutation: ActiveMutation, client: Client, certificate: Certificate, reason: string): Promise<Certificate> {
    const { transaction, now } = mutation;
    const before = certificateOutput.parse(certificate);
    certificate.status = stateAfter(CERTIFICATE_TRANSITIONS, 'supersede', certificate.status);
    if (certificate.activate_at && certificate.activate_at > now) certificate.activate_at = null;
    if (certificate.retire_at && certificate.retire_at > now) certificate.retire_at = null;
    certificate.status_reason = reason;
    const saved = await this.certificates.save(transaction, certificate);
    recordCertificate(mutation, 'certificate.superseded', before, saved, reason);
    revokeTokensBoundTo(mutation, saved, client, 'off', reason);
    return saved;
  }

  /**
   * Stays in use until then, and no token that is asked for from now on lives longer. // A27
   * @throws RegistryError the same, `date_impossible`, `too_many_certificates` when a later date than before leaves no
   * room for what is to follow it
   */
  async at(
    mutation: ActiveMutation,
    client: Client,
    certificate: Certificate,
    { at, reason }: { at: Date; reason: string },
  ): Promise<Certificate> {
    const { transaction, now } = mutation;
    const before = certificateOutput.parse(certificate);
    stateAfter(CERTIFICATE_TRANSITIONS, 'supersede', certificate.status);
    assertDateAhead(certificate, now);
    assertMayRetireAt(certificate, at, now, 'at');
    const isLater = certificate.retire_at !== null && at > certificate.retire_at;
    certificate.retire_at = at;
    if (isLater) await this.registration.assertRoom(transaction, client, certificate, now);
    certificate.status_reason = reason;
    const saved = await this.certificates.save(transaction, certificate);
    recordCertificate(mutation, 'certificate.retirement_planned', before, saved, reason);
    return saved;
  }
}
