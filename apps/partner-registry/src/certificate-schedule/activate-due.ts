import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { BringIntoUse } from '../certificates/bring-into-use.js';
import type { Certificate } from '../records/certificate.entity.js';
import { certificateOutput } from '../certificates/certificate.schema.js';
import { recordCertificate } from '../certificates/record-certificate.js';
import { revokeTokensBoundTo } from '../certificates/revoke-tokens-bound-to.js';
import type { Client } from '../records/client.entity.js';
import { moveCertificate } from '../records/move-certificate.js';
import { showIdentifier } from '../identifiers/identifier.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { RegistryError } from '../problems/registry-error.js';
import { forEachDue } from '../scheduled-work/for-each-due.js';
import { ScheduledWork } from '../scheduled-work/scheduled-work.js';
import { CERTIFICATE_SCHEDULE_SETTINGS, type CertificateScheduleSettings } from './certificate-schedule-settings.js';
import { ChangeDue, type DueChange } from './change-due.js';
import { DueCertificates, type DueCertificate } from './due-certificates.js';

const JOB = 'activate-certificates';
const LONGEST_REASON = 500;
/** What may have become of a certificate or its client since the date was set. Anything else is tried again. */
const REFUSALS: readonly string[] = ['certificate_refused', 'too_many_certificates'];

/**
 * Writes that a certificate is active since its date. The token service goes by the date itself, so being late keeps
 * nobody out.
 */
@Injectable()
export class ActivateDue implements OnModuleInit {
  constructor(
    private readonly work: ScheduledWork,
    private readonly due: DueCertificates,
    private readonly changing: ChangeDue,
    private readonly bringing: BringIntoUse,
    @Inject(CERTIFICATE_SCHEDULE_SETTINGS) private readonly settings: CertificateScheduleSettings,
  ) {}

  onModuleInit(): void {
    this.work.add({ name: JOB, everyMs: 1_000, run: (now, stopping) => this.run(now, stopping) });
  }

  private run(now: Date, stopping: AbortSignal): Promise<void> {
    return forEachDue<DueCertificate>(
      (last) => this.due.toActivate(now, last),
      (due) => this.activate(due),
      stopping,
    );
  }

  private async activate(due: DueCertificate): Promise<void> {
    const change: DueChange['change'] = (mutation, client, certificate) =>
      this.bringing.now(mutation, client, certificate, certificate.status_reason ?? 'Its date has come');
    try {
      await this.changing.one(due, { job: JOB, isDue, change });
    } catch (error) {
      if (!(error instanceof RegistryError && REFUSALS.includes(error.code))) throw error;
      await this.refuse(due, error);
    }
  }

  // Once: without its date it is not due again, and whoever set the date hears of it.
  private async refuse(due: DueCertificate, { code, detail }: RegistryError): Promise<void> {
    const reason = `${code}: ${detail}`.slice(0, LONGEST_REASON);
    const change: DueChange['change'] = (mutation, client, certificate) =>
      withdrawRefused(mutation, client, certificate, reason);
    if (!(await this.changing.one(due, { job: JOB, isDue, change }))) return;
    const about = { certificate: showIdentifier('crt', due.id), client: showIdentifier('cli', due.client_id), code };
    this.settings.logger.error(about, 'a planned activation was refused');
  }
}

function isDue({ status, activate_at }: Certificate, now: Date): boolean {
  return status === 'pending' && activate_at !== null && activate_at <= now;
}

async function withdrawRefused(mutation: ActiveMutation, client: Client, certificate: Certificate, reason: string) {
  const before = certificateOutput.parse(certificate);
  moveCertificate(certificate, 'withdraw_dates', { now: mutation.now, reason });
  const saved = await mutation.transaction.save(certificate);
  recordCertificate(mutation, 'certificate.activation_refused', before, saved, reason);
  // since its date the token service may have let it in
  revokeTokensBoundTo(mutation, saved, client, 'off', 'activation_refused');
}
