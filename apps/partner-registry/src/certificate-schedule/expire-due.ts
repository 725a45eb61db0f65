import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Certificate } from '../records/certificate.entity.js';
import { REVOCABLE } from '../records/certificate-status.js';
import { certificateOutput } from '../certificates/certificate.schema.js';
import { recordCertificate } from '../certificates/record-certificate.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import type { Client } from '../records/client.entity.js';
import { moveCertificate } from '../records/move-certificate.js';
import { forEachDue } from '../scheduled-work/for-each-due.js';
import { ScheduledWork } from '../scheduled-work/scheduled-work.js';
import { ChangeDue } from './change-due.js';
import { DueCertificates, type DueCertificate } from './due-certificates.js';

const JOB = 'expire-certificates';

/**
 * Writes that a certificate ran out. The guards need not hear of it: no token outlives the certificate it is bound to.
 * // A27
 */
@Injectable()
export class ExpireDue implements OnModuleInit {
  constructor(
    private readonly work: ScheduledWork,
    private readonly due: DueCertificates,
    private readonly changing: ChangeDue,
  ) {}

  onModuleInit(): void {
    this.work.add({ name: JOB, everyMs: 10_000, run: (now, stopping) => this.run(now, stopping) });
  }

  private run(now: Date, stopping: AbortSignal): Promise<void> {
    return forEachDue<DueCertificate>(
      (last) => this.due.toExpire(now, last),
      async (due) => void (await this.changing.one(due, { job: JOB, isDue, change: expire })),
      stopping,
    );
  }
}

function isDue({ status, not_after }: Certificate, now: Date): boolean {
  return REVOCABLE.includes(status) && not_after <= now;
}

async function expire(mutation: ActiveMutation, _: Client, certificate: Certificate): Promise<void> {
  const before = certificateOutput.parse(certificate);
  moveCertificate(certificate, 'expire', { now: mutation.now });
  recordCertificate(mutation, 'certificate.expired', before, await mutation.transaction.save(certificate));
}
