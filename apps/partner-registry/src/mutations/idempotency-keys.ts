import { Injectable } from '@nestjs/common';
import { QueryFailedError, type EntityManager } from 'typeorm';
import { RegistryError } from '../problems/registry-error.js';
import { AnsweredBefore } from './answered-before.js';
import type { Idempotency } from './mutation-context.js';

/** What a repeat is answered with. */
export interface KeptAnswer {
  readonly answer: unknown;
  /** the highest number that was recorded for the guards' feed; undefined: none */
  readonly revocationSeq: number | undefined;
}

const LOCK_NOT_AVAILABLE = '55P03';
/** How long a repeat waits for the first one's answer before it is told that it is in flight. */
const PATIENCE = '2s';

/**
 * First answers by principal and key. In flight is an advisory lock, not a row: a process that is killed in the middle
 * blocks nobody, because the lock ends with its connection and the row was never committed.
 */
@Injectable()
export class IdempotencyKeys {
  /**
   * Holds the key until the transaction ends.
   * @throws AnsweredBefore; RegistryError `idempotency_key_in_flight`, `idempotency_key_reused`
   */
  async claim(transaction: EntityManager, principal: string, { key, fingerprint }: Idempotency): Promise<void> {
    await lock(transaction, `idempotency ${principal} ${key}`);
    const [known] = await transaction.query<{ fingerprint: string; answer: unknown; revocation_seq: string | null }[]>(
      `SELECT fingerprint, answer, revocation_seq FROM registry.idempotency_keys
        WHERE principal = $1 AND key = $2 AND expires_at > clock_timestamp()`,
      [principal, key],
    );
    if (!known) return;
    if (known.fingerprint !== fingerprint) throw keyReused();
    throw new AnsweredBefore(known.answer, known.revocation_seq === null ? undefined : Number(known.revocation_seq));
  }

  /** Kept for 24 hours. Rows that ran out go on the way, a few at a time: there is no job that could fail to run. */
  async remember(
    transaction: EntityManager,
    principal: string,
    { key, fingerprint }: Idempotency,
    { answer, revocationSeq }: KeptAnswer,
  ): Promise<void> {
    await transaction.query(
      `DELETE FROM registry.idempotency_keys WHERE (principal, key) IN (
        SELECT principal, key FROM registry.idempotency_keys WHERE expires_at <= clock_timestamp()
         ORDER BY expires_at LIMIT 20 FOR UPDATE SKIP LOCKED)`,
    );
    await transaction.query(
      `INSERT INTO registry.idempotency_keys (principal, key, fingerprint, answer, revocation_seq)
       VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (principal, key) DO UPDATE SET fingerprint = excluded.fingerprint, answer = excluded.answer,
        revocation_seq = excluded.revocation_seq, created_at = excluded.created_at, expires_at = excluded.expires_at`,
      [principal, key, fingerprint, JSON.stringify(answer ?? null), revocationSeq ?? null],
    );
  }
}

async function lock(transaction: EntityManager, name: string): Promise<void> {
  await transaction.query(`SET LOCAL lock_timeout = '${PATIENCE}'`);
  try {
    await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
  } catch (error) {
    throw isLockTimeout(error) ? keyInFlight() : error;
  }
  await transaction.query('SET LOCAL lock_timeout TO DEFAULT');
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof QueryFailedError && (error.driverError as { code?: unknown }).code === LOCK_NOT_AVAILABLE;
}

function keyInFlight(): RegistryError {
  return new RegistryError('idempotency_key_in_flight', {
    detail: 'A request with this Idempotency-Key is still being carried out. Send it again shortly.',
  });
}

function keyReused(): RegistryError {
  return new RegistryError('idempotency_key_reused', {
    detail: 'This Idempotency-Key was used for another request. Use a new key for every new request.',
  });
}
