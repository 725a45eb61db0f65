import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail.js';
import { Outbox } from '../changes/outbox.js';
import { RevocationRecords } from './revocation-records.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { MutationTurns } from './mutation-turns.js';
import type { ActiveMutation, MutationContext, Rehearsal } from './words/mutation-context.js';
import { RecordedMutation } from './recorded-mutation.js';

/** How long a connection waits for a row that another transaction holds; MutationTurns waits longer, without one. // A36 */
const ROW_PATIENCE = '200ms';

/**
 * The one way to change anything in the registry: one transaction for the change, its revocation records, its audit
 * events, its outbox events and its kept answer; committed as one, or not at all.
 */
@Injectable()
export class Mutations {
  readonly #turns = new MutationTurns();

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
   * @throws whatever `change` throws; RepeatedRequest; RegistryError `idempotency_key_in_flight`,
   * `idempotency_key_reused`, `precondition_required`, `precondition_failed`, `revocations_unavailable`
   */
  async run<T>(context: MutationContext, change: (mutation: ActiveMutation) => Promise<T>): Promise<T> {
    try {
      const done = await this.#turns.take(context, () =>
        this.database.transaction((transaction) => this.perform(transaction, context, change)),
      );
      if (done.revocationSeq !== undefined) context.revoked(done.revocationSeq);
      return done.result;
    } catch (error) {
      if (error instanceof RolledBack) return error.result as T;
      throw error;
    }
  }

  private async perform<T>(
    transaction: EntityManager,
    context: MutationContext,
    change: (mutation: ActiveMutation) => Promise<T>,
  ): Promise<Done<T>> {
    const { actor, dryRun, rehearsal } = context;
    await transaction.query(`SET LOCAL lock_timeout = '${ROW_PATIENCE}'`);
    if (rehearsal) throw new RolledBack(await rehearse(transaction, context, rehearsal, change));
    // A dry run leaves nothing behind that a repeat could be answered from.
    const idempotency = dryRun ? undefined : context.idempotency;
    if (idempotency) await this.keys.claim(transaction, actor.clientId, idempotency);
    const mutation = new RecordedMutation(transaction, context, new Date());
    const result = await change(mutation);
    const answer = await context.answerOf(result);
    mutation.assertComplete();
    // Each of these takes rows that other mutations need too, so they come last and always in this order: what waits
    // for one of them holds no row that its owner still wants. Their owner is at its end as well, so they are waited for.
    await transaction.query('SET LOCAL lock_timeout TO DEFAULT');
    const revocationSeq = await this.revocations.record(transaction, mutation.revoked);
    const kept = { answer, revocationSeq };
    if (idempotency) await this.keys.remember(transaction, actor.clientId, idempotency, kept);
    await this.trail.append(transaction, mutation.audited, { ...context, occurredAt: mutation.now });
    await this.outbox.append(transaction, mutation.announced);
    if (dryRun) throw new RolledBack(result);
    return { result, revocationSeq };
  }
}

// Ends before the rows that every mutation needs: whoever only looks makes nobody wait for those.
async function rehearse<T>(
  transaction: EntityManager,
  context: MutationContext,
  rehearsal: Rehearsal,
  change: (mutation: ActiveMutation) => Promise<T>,
): Promise<T> {
  const mutation = new RecordedMutation(transaction, context, new Date());
  await rehearsal.before(transaction, mutation.now);
  const result = await change(mutation);
  mutation.assertComplete();
  await rehearsal.after(mutation, mutation.revoked);
  return result;
}

interface Done<T> {
  readonly result: T;
  /** the highest number that it recorded for the guards' feed; undefined: none */
  readonly revocationSeq: number | undefined;
}

/** Takes the result of a dry run past the transaction's end, which undoes everything. */
class RolledBack extends Error {
  constructor(readonly result: unknown) {
    super('dry run');
  }
}
