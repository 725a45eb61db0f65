import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Certificate } from '../records/certificate.entity.js';
import { TakeOutOfUse } from '../certificates/take-out-of-use.js';
import { forEachDue } from '../scheduled-work/for-each-due.js';
import { ScheduledWork } from '../scheduled-work/scheduled-work.js';
import { ChangeDue, type DueChange } from './change-due.js';
import { DueCertificates, type DueCertificate } from './due-certificates.js';

const JOB = 'retire-certificates';

/**
 * Writes that a certificate is superseded since its date, and tells the guards, for tokens from before the date was set.
 * The token service goes by the date itself, so being late keeps nobody in.
 */
@Injectable()
export class RetireDue implements OnModuleInit {
  constructor(
    private readonly work: ScheduledWork,
    private readonly due: DueCertificates,
    private readonly changing: ChangeDue,
    private readonly taking: TakeOutOfUse,
  ) {}

  onModuleInit(): void {
    this.work.add({ name: JOB, everyMs: 1_000, run: (now, stopping) => this.run(now, stopping) });
  }

  private run(now: Date, stopping: AbortSignal): Promise<void> {
    const change: DueChange['change'] = (mutation, client, certificate) =>
      this.taking.now(mutation, client, certificate, certificate.status_reason ?? 'Its date has come');
    return forEachDue<DueCertificate>(
      (last) => this.due.toRetire(now, last),
      async (due) => void (await this.changing.one(due, { job: JOB, isDue, change })),
      stopping,
    );
  }
}

function isDue({ status, retire_at }: Certificate, now: Date): boolean {
  return status === 'active' && retire_at !== null && retire_at <= now;
}
