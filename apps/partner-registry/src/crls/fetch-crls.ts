import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { boundedGet } from '@partner-ecosystem/platform/http-client';
import { DataSource } from 'typeorm';
import { ScheduledWork } from '../scheduled-work/scheduled-work.js';
import type { ClaimedPlace } from '../records/held-crl.repository.js';
import { HeldCrlRepository } from '../records/held-crl.repository.js';
import { CRL_SETTINGS, type CrlSettings } from '../certificate-paths/crl-settings.js';
import { StoreFetchedList } from './store-fetched-list.js';
import { soundCrl } from './verify-crl.js';

const EVERY_MS = 1_000;
/** One that answers slowly does not keep the others waiting. */
const AT_ONCE = 4;
/** Beyond the time that fetching may take: whoever claimed a place and was killed is succeeded after it. */
const SPARE_MS = 60_000;
const ACCEPT = 'application/pkix-crl, application/x-pem-file, */*;q=0.1';

/**
 * Asks the places of every active anchor for their lists, whatever the anchor's mode, so that the mode can be changed
 * without a gap. Nothing is held in the database while a place is asked: it is claimed by moving it into the future.
 */
@Injectable()
export class FetchCrls implements OnModuleInit {
  constructor(
    private readonly work: ScheduledWork,
    private readonly database: DataSource,
    private readonly held: HeldCrlRepository,
    private readonly store: StoreFetchedList,
    @Inject(CRL_SETTINGS) private readonly settings: CrlSettings,
  ) {}

  onModuleInit(): void {
    this.work.add({
      name: 'fetch-crls',
      everyMs: EVERY_MS,
      run: async (_now, stopping) => {
        await Promise.all(Array.from({ length: AT_ONCE }, () => this.fetchUntilNoneIsDue(stopping)));
      },
    });
  }

  private async fetchUntilNoneIsDue(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      const now = new Date();
      const free = new Date(now.getTime() + this.settings.timeoutMs + SPARE_MS);
      const place = await this.held.claim(this.database.manager, now, free);
      if (!place) return;
      await this.fetch(place, stopping);
    }
  }

  private async fetch(place: ClaimedPlace, stopping: AbortSignal): Promise<void> {
    try {
      const { networks, ca, maxBytes, timeoutMs } = this.settings;
      const limits = { networks, ca, maxBytes, timeoutMs, signal: stopping };
      const octets = await boundedGet(place.uri, { ...limits, protocols: ['http:', 'https:'], accept: ACCEPT });
      await this.store.accepted(place, soundCrl(octets, new Date()));
    } catch (error) {
      // the process ends: nothing is wrong with the place, and another replica asks it soon
      if (stopping.aborted) return;
      await this.store.failed(place, error);
    }
  }
}
