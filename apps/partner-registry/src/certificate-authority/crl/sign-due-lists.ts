import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { errorFields } from '@partner-ecosystem/platform/logging';
import { DataSource } from 'typeorm';
import { showIdentifier } from '../../identifiers/identifier.js';
import type { ActiveMutation } from '../../mutations/words/mutation-context.js';
import { Mutations } from '../../mutations/mutations.js';
import { jobContext } from '../../operators/job-context.js';
import { ScheduledWork } from '../../scheduled-work/scheduled-work.js';
import { AuthorityKeys } from '../authority-keys.js';
import { AUTHORITY_SETTINGS, type AuthoritySettings } from '../authority-settings.js';
import { CertificateAuthorityRepository } from '../../records/certificate-authority.repository.js';
import { renewList } from './renew-list.js';

const TASK = 'sign-crls';
const LOOK_MS = 1_000;

/**
 * Keeps the authorities' CRLs as the registry has it: within about a second of a revocation, and long before
 * a list ends. Revoking never waits for it, nor for an authority's key.
 */
@Injectable()
export class SignDueLists implements OnModuleInit {
  // Those that could not be signed: said once when that begins, and once when it ends.
  readonly #failing = new Set<string>();
  readonly #authorities = new CertificateAuthorityRepository();

  constructor(
    @Inject(AUTHORITY_SETTINGS) private readonly settings: AuthoritySettings,
    private readonly database: DataSource,
    private readonly mutations: Mutations,
    private readonly keys: AuthorityKeys,
    private readonly work: ScheduledWork,
  ) {}

  onModuleInit(): void {
    this.work.add({ name: TASK, everyMs: LOOK_MS, run: (now) => this.signDue(now) });
  }

  /** @throws what the look itself throws; a list that could not be signed keeps no other from being so */
  async signDue(now: Date): Promise<void> {
    for (const id of await this.#authorities.dueForList(this.database.manager, now)) {
      try {
        await this.mutations.run(jobContext(TASK, this.settings.identity), (mutation) => this.sign(mutation, id));
        this.#failing.delete(id);
      } catch (error) {
        if (!(error instanceof NothingToSign)) this.alarm(id, error);
      }
    }
  }

  private async sign(mutation: ActiveMutation, id: string): Promise<void> {
    const { transaction, now } = mutation;
    const authority = await this.#authorities.lockForList(transaction, id);
    if (!authority || !(await this.#authorities.isDue(transaction, id, now))) throw new NothingToSign();
    const signer = await this.keys.signerOf(authority);
    if (!signer) throw new Error('the key of the authority cannot be used by this replica');
    const validityMs = this.settings.crlValidityMs;
    await renewList(mutation, this.#authorities, { authority, signer, validityMs });
  }

  private alarm(id: string, error: unknown): void {
    if (this.#failing.has(id)) return;
    this.#failing.add(id);
    const err = errorFields(error, { stack: false });
    const certificate_authority = showIdentifier('cau', id);
    this.settings.logger.error({ certificate_authority, err }, 'a CRL that is due could not be signed');
  }
}

/** Takes the mutation back: another replica was faster, or is at it. */
class NothingToSign extends Error {}
