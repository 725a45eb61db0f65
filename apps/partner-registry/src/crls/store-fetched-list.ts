import { Inject, Injectable } from '@nestjs/common';
import { BoundedGetError } from '@partner-ecosystem/platform/http-client';
import { DataSource } from 'typeorm';
import { showIdentifier } from '../identifiers/identifier.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { jobContext } from '../operators/job-context.js';
import { TrustAnchorRepository } from '../records/trust-anchor.repository.js';
import { AcceptCrl } from './accept-crl.js';
import { nextAttempt, nextFetch } from './fetch-times.js';
import { HeldCrl } from '../records/held-crl.entity.js';
import type { ClaimedPlace } from '../records/held-crl.repository.js';
import { CrlRefused } from './crl-refused.js';
import { CRL_SETTINGS, type CrlSettings } from '../certificate-paths/crl-settings.js';
import type { SoundList } from './verify-crl.js';

const LONGEST_ERROR = 1_000;

/** What comes of asking a place for its list. */
@Injectable()
export class StoreFetchedList {
  constructor(
    private readonly database: DataSource,
    private readonly mutations: Mutations,
    private readonly anchors: TrustAnchorRepository,
    private readonly acceptance: AcceptCrl,
    @Inject(CRL_SETTINGS) private readonly settings: CrlSettings,
  ) {}

  /** @throws CrlRefused */
  async accepted({ id, trust_anchor_id: anchorId, uri }: ClaimedPlace, list: SoundList): Promise<void> {
    const { logger, identity } = this.settings;
    const row = await this.database.manager.findOneBy(HeldCrl, { id });
    if (row?.sha256 === list.sha256) return this.unchanged(row, list);
    const done = await this.mutations.run(jobContext('fetch-crls', identity), async (mutation) => {
      const anchor = await this.anchors.lock(mutation.transaction, anchorId);
      if (anchor?.status !== 'active' || !(await isStillAsked(mutation, id))) return mutation.routine();
      return this.acceptance.accept(mutation, anchor, list, id);
    });
    if (!done) return;
    const { number, next_update, entries } = done;
    logger.info({ ...shown(anchorId, uri), number, next_update, entries }, 'a CRL was accepted');
  }

  /** The list before stays. Said when it begins, and when it fails for another reason. */
  async failed({ id, trust_anchor_id: anchorId, uri }: ClaimedPlace, error: unknown): Promise<void> {
    const row = await this.database.manager.findOneBy(HeldCrl, { id });
    if (!row) return;
    const now = new Date();
    const { code, text, isRefusal } = reasonOf(error);
    const failures = row.failures + 1;
    const last_error = `${code}: ${text}`.slice(0, LONGEST_ERROR);
    await this.database.manager.update(HeldCrl, id, {
      failures,
      last_error,
      attempt_after: nextAttempt(failures, now, Math.random()),
    });
    if (row.last_error?.startsWith(`${code}:`)) return;
    const fields = { ...shown(anchorId, uri), code, reason: text };
    if (isRefusal) this.settings.logger.error(fields, 'a CRL was refused: the one before it stays');
    else this.settings.logger.warn(fields, 'a CRL could not be fetched: the one before it stays');
    if (code === 'internal') this.settings.logger.error({ err: error }, 'fetching a CRL failed');
  }

  private async unchanged({ id }: HeldCrl, list: SoundList): Promise<void> {
    const attempt_after = nextFetch(list, new Date());
    await this.database.manager.update(HeldCrl, id, { failures: 0, last_error: null, attempt_after });
  }
}

async function isStillAsked({ transaction }: ActiveMutation, id: string): Promise<boolean> {
  return transaction.existsBy(HeldCrl, { id });
}

function shown(anchorId: string, uri: string) {
  return { trust_anchor: showIdentifier('anc', anchorId), uri };
}

function reasonOf(error: unknown): { code: string; text: string; isRefusal: boolean } {
  if (error instanceof CrlRefused) return { code: error.code, text: error.message, isRefusal: true };
  if (!(error instanceof BoundedGetError)) return { code: 'internal', text: 'see the log', isRefusal: false };
  return { code: error.code, text: error.message, isRefusal: !error.temporary };
}
