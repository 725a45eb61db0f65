import { Injectable } from '@nestjs/common';
import { RegistryError } from '../problems/registry-error.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Operators } from '../operators/operators.js';
import type { Certificate } from '../records/certificate.entity.js';
import { moveCertificate } from '../records/move-certificate.js';
import { assertDateAhead } from '../judgement/certificate-dates.js';
import { certificateOutput } from './certificate.schema.js';
import { CertificatesForChange } from '../locks/certificates-for-change.js';
import { recordCertificate } from './record-certificate.js';
import { RegisterCertificate } from './register-certificate.js';
import { showCertificate, type ShownCertificate } from './show-certificates.js';

/** What was planned is not done: a pending certificate stays pending, an active one in use. */
@Injectable()
export class WithdrawDates {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: CertificatesForChange,
    private readonly registration: RegisterCertificate,
    private readonly operators: Operators,
  ) {}

  withdraw(id: string, reason: string, context: MutationContext): Promise<ShownCertificate> {
    return this.mutations.run(context, async (mutation) => {
      const { transaction, now } = mutation;
      const { client, certificate } = await this.forChange.lockForCredentials(mutation, id);
      assertPlanned(certificate, now);
      const before = certificateOutput.parse(certificate);
      const isRetirement = certificate.status === 'active';
      moveCertificate(certificate, 'withdraw_dates', { now, reason });
      // it stays for longer than others were told
      if (isRetirement) await this.registration.assertRoom(transaction, client, certificate, now);
      const saved = await transaction.save(certificate);
      await this.operators.assertStaysOperable(mutation, [client.id]);
      recordCertificate(mutation, 'certificate.dates_withdrawn', before, saved, reason);
      return showCertificate(transaction, saved, now);
    });
  }
}

function assertPlanned(certificate: Certificate, now: Date): void {
  const { status, activate_at, retire_at } = certificate;
  const planned = (status === 'pending' && activate_at) || (status === 'active' && retire_at);
  if (planned) return assertDateAhead(certificate, now);
  throw new RegistryError('invalid_transition', {
    detail: `The status is ${status}, and no date is planned to change it.`,
  });
}
