import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail.js';
import { Outbox } from '../changes/outbox.js';
import { RevocationRecords } from '../revocations/revocation-records.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import type { ActiveMutation, MutationContext } from './mutation-context.js';
import { RecordedMutation } from './recorded-mutation.js';

/**
 * The one way to change anything in the registry: one transaction for the change, its revocation records, its audit
 * events, its outbox events and its kept answer; committed as one, or not at all.
 */
@Injectable()
export class Mutations {
  constructor(
    private readonly database: DataSource,
    private readonly keys: IdempotencyKeys,
    private readonly revocations: RevocationRecords,
    private readonly trail: AuditTrail,
    private readonly outbox: Outbox,
  ) {}

  /** Outside Nest: for commands. */
  static on(database: DataSource): Mutations {
    return new Mutations(database, new IdempotencyKeys(), new RevocationRecords(), new AuditTrail(), new Outbox());
  }

  /**
   * @param change returns what the route answers with
   * @throws whatever `change` throws; AnsweredBefore; RegistryError `idempotency_key_in_flight`,
   * `idempotency_key_reused`, `precondition_required`, `precondition_failed`, `revocations_unavailable`
   */
  async run<T>(context: MutationContext, change: (mutation: ActiveMutation) => Promise<T>): Promise<T> {
    try {
      return await this.database.transaction((transaction) => this.perform(transaction, context, change));
    } catch (error) {
      if (error instanceof RolledBack) return error.result as T;
      throw error;
    }
  }

  private async perform<T>(
    transaction: EntityManager,
    context: MutationContext,
    change: (mutation: ActiveMutation) => Promise<T>,
  ): Promise<T> {
    const { actor, dryRun } = context;
    // A dry run leaves nothing behind that a repeat could be answered from.
    const idempotency = dryRun ? undefined : context.idempotency;
    if (idempotency) await this.keys.claim(transaction, actor.clientId, idempotency);
    const mutation = new RecordedMutation(transaction, context, new Date());
    const result = await change(mutation);
    const answer = await context.answerOf(result);
    mutation.assertComplete();
    if (idempotency) await this.keys.remember(transaction, actor.clientId, idempotency, answer);
    await this.record(transaction, context, mutation);
    if (dryRun) throw new RolledBack(result);
    return result;
  }

  // Each of these takes one row that every mutation needs, so they come last and always in this order: what waits for
  // one of them holds no row that its owner still wants.
  private async record(transaction: EntityManager, context: MutationContext, done: RecordedMutation): Promise<void> {
    await this.revocations.record(transaction, done.revoked);
    await this.trail.append(transaction, done.audited, { ...context, occurredAt: done.now });
    await this.outbox.append(transaction, done.announced);
  }
}

/** Takes the result of a dry run past the transaction's end, which undoes everything. */
class RolledBack extends Error {
  constructor(readonly result: unknown) {
    super('dry run');
  }
}
