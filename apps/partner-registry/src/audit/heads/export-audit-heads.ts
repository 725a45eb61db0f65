import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { errorFields, type Logger } from '@partner-ecosystem/platform/logging';
import { DataSource } from 'typeorm';
import { auditHead } from '../audit-events.js';
import type { AuditHeadExport } from './audit-head-variables.js';
import { signAuditHead } from './audit-head-statement.js';
import { writeStatement } from './write-statement.js';

export interface AuditHeadSettings {
  /** undefined: heads are not exported */
  readonly target: AuditHeadExport | undefined;
  /** of the statements: the audience of this registry */
  readonly issuer: string;
  readonly logger: Logger;
}

export const AUDIT_HEAD_SETTINGS = Symbol('AUDIT_HEAD_SETTINGS');

/**
 * Signs the head of the audit chain and exports the statement: at the start, every interval, and at the end when the
 * last request is answered. Each replica does, because a statement more does no harm. A failure is logged when it
 * begins, counted by its age, and stops nobody.
 */
@Injectable()
export class ExportAuditHeads implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #stopped = false;
  #outcome: 'exported' | 'failed' | undefined;
  #lastExport = performance.now();

  constructor(
    @Inject(AUDIT_HEAD_SETTINGS) private readonly settings: AuditHeadSettings,
    private readonly database: DataSource,
  ) {}

  /** since the last export, or since the start; undefined: heads are not exported */
  get ageSeconds(): number | undefined {
    return this.settings.target && (performance.now() - this.#lastExport) / 1_000;
  }

  onApplicationBootstrap(): void {
    const { target, logger } = this.settings;
    if (target) this.begin(target);
    else
      logger.warn(
        'AUDIT HEADS ARE NOT EXPORTED: whoever owns the database can rewrite the audit chain unseen. ' +
          'Set AUDIT_HEAD_EXPORT_DIRECTORY and AUDIT_HEAD_KEY_FILE.',
      );
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    if (!this.settings.target || !this.#round) return;
    await this.#round; // it needs the database, which is closed next
    await this.export(this.settings.target);
  }

  private begin(target: AuditHeadExport): void {
    this.#round = this.export(target).finally(() => {
      if (!this.#stopped) this.#timer = setTimeout(() => this.begin(target), target.intervalMs).unref();
    });
  }

  private async export({ directory, key }: AuditHeadExport): Promise<void> {
    try {
      const head = await auditHead(this.database.manager);
      if (!head) throw new Error('registry.audit_head has no row');
      const statement = await signAuditHead(head, { issuer: this.settings.issuer, key, now: new Date() });
      await writeStatement(directory, head, statement);
      this.#lastExport = performance.now();
      this.report('exported');
    } catch (error) {
      this.report('failed', error);
    }
  }

  // Once per change: a disk that stays full for a week is one line, and its end another.
  private report(outcome: 'exported' | 'failed', error?: unknown): void {
    const { logger } = this.settings;
    if (outcome === this.#outcome) return;
    this.#outcome = outcome;
    if (outcome === 'exported') logger.info('audit heads are exported');
    else logger.error({ err: errorFields(error, { stack: false }) }, 'audit heads are not exported: it failed');
  }
}
