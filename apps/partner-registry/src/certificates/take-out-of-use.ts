import { Injectable } from '@nestjs/common';
import type { Client } from '../records/client.entity.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import type { Certificate } from '../records/certificate.entity.js';
import { assertDateAhead, assertMayRetireAt } from '../judgement/certificate-dates.js';
import { assertMove, moveCertificate } from '../records/move-certificate.js';
import { CertificateRepository } from '../records/certificate.repository.js';
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
    moveCertificate(certificate, 'supersede', { now, reason });
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
    assertMove(certificate, 'plan_retirement');
    assertDateAhead(certificate, now);
    assertMayRetireAt(certificate, at, now, 'at');
    const isLater = certificate.retire_at !== null && at > certificate.retire_at;
    moveCertificate(certificate, 'plan_retirement', { now, at, reason });
    if (isLater) await this.registration.assertRoom(transaction, client, certificate, now);
    const saved = await this.certificates.save(transaction, certificate);
    recordCertificate(mutation, 'certificate.retirement_planned', before, saved, reason);
    return saved;
  }
}
