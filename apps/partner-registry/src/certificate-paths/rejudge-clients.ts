import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { errorFields } from '@partner-ecosystem/platform/logging';
import { DataSource } from 'typeorm';
import { showIdentifier } from '../identifiers/identifier.js';
import { Mutations } from '../mutations/mutations.js';
import { jobContext } from '../operators/job-context.js';
import { ScheduledWork } from '../scheduled-work/scheduled-work.js';
import { JudgeByLists } from './judge-by-lists.js';
import { CRL_SETTINGS, type CrlSettings } from './crl-settings.js';

const EVERY_MS = 1_000;
const AT_A_TIME = 100;

// An anchor whose generation went up owes a judgement to each of its clients.
const OWED = `
SELECT DISTINCT l.client_id AS id FROM registry.trust_anchors a
  JOIN registry.client_trust_anchors l ON l.trust_anchor_id = a.id AND l.judged_crl_generation < a.crl_generation
 WHERE ($1::uuid IS NULL OR l.client_id > $1) ORDER BY l.client_id LIMIT ${AT_A_TIME}`;

/**
 * Judges clients anew once a list or the mode of one of their anchors changed: one transaction each, so that whoever is
 * killed leaves the rest to be done. One that cannot be judged now is left for the next round, and stops nobody.
 */
@Injectable()
export class RejudgeClients implements OnModuleInit {
  constructor(
    private readonly work: ScheduledWork,
    private readonly database: DataSource,
    private readonly mutations: Mutations,
    private readonly judgement: JudgeByLists,
    @Inject(CRL_SETTINGS) private readonly settings: CrlSettings,
  ) {}

  onModuleInit(): void {
    this.work.add({ name: 'rejudge-paths', everyMs: EVERY_MS, run: (_now, stopping) => this.judgeAll(stopping) });
  }

  private async judgeAll(stopping: AbortSignal): Promise<void> {
    let failure: unknown;
    for (let after: string | null = null; !stopping.aborted;) {
      const owed: { id: string }[] = await this.database.query(OWED, [after]);
      for (const { id } of owed) {
        if (stopping.aborted) return;
        failure = (await this.judge(id)) ?? failure;
      }
      if (owed.length < AT_A_TIME) break;
      after = owed.at(-1)!.id;
    }
    // tells of it once, and once when it is over
    if (failure !== undefined) throw failure as Error;
  }

  private async judge(clientId: string): Promise<unknown> {
    const context = jobContext('rejudge-paths', this.settings.identity);
    try {
      await this.mutations.run(context, (mutation) => this.judgement.judge(mutation, clientId));
      return undefined;
    } catch (error) {
      this.settings.logger.debug(
        { client_id: showIdentifier('cli', clientId), err: errorFields(error, { stack: false }) },
        'a client could not be judged anew',
      );
      return error;
    }
  }
}
