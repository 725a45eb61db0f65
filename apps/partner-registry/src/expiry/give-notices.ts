import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import {
  CERTIFICATE_SCHEDULE_SETTINGS,
  type CertificateScheduleSettings,
} from '../certificate-schedule/certificate-schedule-settings.js';
import { ChangeDue, type DueChange } from '../certificate-schedule/change-due.js';
import type { Certificate } from '../records/certificate.entity.js';
import { FindSuccessors } from '../certificates/find-successors.js';
import { ScheduledWork } from '../scheduled-work/scheduled-work.js';
import { expiryNotice, type ExpiryNotice } from './expiry-notice.js';
import { noticeDue } from './notice-thresholds.js';
import { UnnoticedCertificates, type ExpiringCertificate } from './unnoticed-certificates.js';

const JOB = 'notice-expiring-certificates';
/** So many pages in one round; the next one goes on from there. */
const PAGES_PER_ROUND = 25;

// Given already: nothing. Two replicas wait for each other here.
const TAKE_NOTICE = `
INSERT INTO registry.certificate_notices (certificate_id, days_left)
SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM registry.certificate_notices WHERE certificate_id = $1 AND days_left <= $2)
ON CONFLICT DO NOTHING RETURNING days_left`;

/**
 * Says that an active certificate runs out: once at each threshold, the nearest one alone where several are due, until its
 * successor was seen. The notice, its event and its audit event are one transaction; the log line follows it.
 */
@Injectable()
export class GiveNotices implements OnModuleInit {
  #last: ExpiringCertificate | undefined;

  constructor(
    private readonly work: ScheduledWork,
    private readonly unnoticed: UnnoticedCertificates,
    private readonly changing: ChangeDue,
    private readonly successors: FindSuccessors,
    @Inject(CERTIFICATE_SCHEDULE_SETTINGS) private readonly settings: CertificateScheduleSettings,
  ) {}

  onModuleInit(): void {
    this.work.add({ name: JOB, everyMs: 10_000, run: (now, stopping) => this.run(now, stopping) });
  }

  private async run(now: Date, stopping: AbortSignal): Promise<void> {
    const failures: unknown[] = [];
    for (let pages = 0; pages < PAGES_PER_ROUND; pages++) {
      const page = await this.unnoticed.page(now, this.#last);
      this.#last = page.at(-1);
      if (page.length === 0) break;
      for (const certificate of await this.unnoticed.of(page, now)) {
        if (stopping.aborted) return;
        await this.give(certificate).catch((error: unknown) => failures.push(error));
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} failed`, { cause: failures[0] });
  }

  private async give(certificate: ExpiringCertificate): Promise<void> {
    let given: ExpiryNotice | undefined;
    const change: DueChange['change'] = async (mutation, client, locked) => {
      const { transaction, now } = mutation;
      const days = noticeDue(locked.not_after, now);
      const { successors } = await this.successors.of(transaction, locked, { at: locked.not_after, now });
      if (successors.some(({ first_seen_at: seen }) => seen !== null)) return false;
      if ((await transaction.query<unknown[]>(TAKE_NOTICE, [locked.id, days])).length === 0) return false;
      given = expiryNotice({ certificate: locked, client, successors, notice: days!, now });
      const { certificate_id, client_id, partner_id } = given;
      const targets = [certificate_id, client_id, partner_id];
      mutation.record({ action: 'certificate.expires_soon', targets, after: given });
      return true;
    };
    if (await this.changing.one(certificate, { job: JOB, isDue, change })) {
      this.settings.logger.warn({ ...given }, 'a certificate runs out soon, and no successor was seen');
    }
  }
}

function isDue({ status, not_after }: Certificate, now: Date): boolean {
  return status === 'active' && noticeDue(not_after, now) !== undefined;
}
