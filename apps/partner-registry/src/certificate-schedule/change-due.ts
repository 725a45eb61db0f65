import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Certificate } from '../records/certificate.entity.js';
import { Client } from '../records/client.entity.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { jobContext } from '../operators/job-context.js';
import { CERTIFICATE_SCHEDULE_SETTINGS, type CertificateScheduleSettings } from './certificate-schedule-settings.js';
import type { DueCertificate } from './due-certificates.js';

export interface DueChange {
  /** of the actor, `job:<name>` */
  readonly job: string;
  /** looked at once it is locked: another replica, or somebody, may have been first */
  readonly isDue: (certificate: Certificate, now: Date) => boolean;
  /** resolves to false when nothing was to be done after all */
  readonly change: (mutation: ActiveMutation, client: Client, certificate: Certificate) => Promise<unknown>;
}

const FOR_UPDATE = { mode: 'pessimistic_write', onLocked: 'skip_locked' } as const;

/** Changes one certificate because its date has come: one transaction, which happens once however many try. */
@Injectable()
export class ChangeDue {
  constructor(
    private readonly mutations: Mutations,
    @Inject(CERTIFICATE_SCHEDULE_SETTINGS) private readonly settings: CertificateScheduleSettings,
  ) {}

  /**
   * @returns whether it was changed here and now; false: somebody else did it or is at it, or it is not due any more
   * @throws whatever the change throws
   */
  async one(due: Pick<DueCertificate, 'id' | 'client_id'>, { job, isDue, change }: DueChange): Promise<boolean> {
    try {
      await this.mutations.run(jobContext(job, this.settings.identity), async (mutation) => {
        const locked = await lock(mutation.transaction, due);
        if (!locked || !isDue(locked.certificate, mutation.now)) throw new NothingDue();
        if ((await change(mutation, locked.client, locked.certificate)) === false) throw new NothingDue();
      });
      return true;
    } catch (error) {
      if (error instanceof NothingDue) return false;
      throw error;
    }
  }
}

// The client first, as everybody does: whoever waits for one of the two never holds the other.
async function lock(transaction: EntityManager, { id, client_id }: Pick<DueCertificate, 'id' | 'client_id'>) {
  const client = await transaction.findOne(Client, { where: { id: client_id }, lock: FOR_UPDATE });
  if (!client) return undefined;
  const certificate = await transaction.findOne(Certificate, { where: { id }, lock: FOR_UPDATE });
  return certificate ? { client, certificate } : undefined;
}

/** Ends a transaction that found nothing to do. */
class NothingDue extends Error {}
