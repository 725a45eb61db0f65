import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { RegistryError } from '../problems/registry-error.js';
import { RepeatedRequest } from './repeated-request.js';
import type { Idempotency } from './words/mutation-context.js';

/** What a repeat is answered with. */
export interface KeptAnswer {
  readonly answer: unknown;
  /** the highest number that was recorded for the guards' feed; undefined: none */
  readonly revocationSeq: number | undefined;
}

/**
 * First answers by principal and key. In flight is an advisory lock, not a row: a process that is killed in the middle
 * blocks nobody, because the lock ends with its connection and the row was never committed.
 */
@Injectable()
export class IdempotencyKeys {
  /**
   * Holds the key until the transaction ends. Does not wait for it: a connection would wait with it. // A36
   * @throws RepeatedRequest; KeyHeldError; RegistryError `idempotency_key_reused`
   */
  async claim(transaction: EntityManager, principal: string, { key, fingerprint }: Idempotency): Promise<void> {
    if (!(await tryLock(transaction, lockName(principal, key)))) throw new KeyHeldError();
    const [known] = await transaction.query<{ fingerprint: string; answer: unknown; revocation_seq: string | null }[]>(
      `SELECT fingerprint, answer, revocation_seq FROM registry.idempotency_keys
        WHERE principal = $1 AND key = $2 AND expires_at > clock_timestamp()`,
      [principal, key],
    );
    if (!known) return;
    if (known.fingerprint !== fingerprint) throw keyReused();
    throw new RepeatedRequest(known.answer, known.revocation_seq === null ? undefined : Number(known.revocation_seq));
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

/** Another transaction, perhaps of another replica, carries out a request with this key. */
export class KeyHeldError extends Error {}

export function lockName(principal: string, key: string): string {
  return `idempotency ${principal} ${key}`;
}

async function tryLock(transaction: EntityManager, name: string): Promise<boolean> {
  const [row] = await transaction.query<{ locked: boolean }[]>(
    'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS locked',
    [name],
  );
  return row!.locked;
}

export function keyInFlight(): RegistryError {
  return new RegistryError('idempotency_key_in_flight', {
    detail: 'A request with this Idempotency-Key is still being carried out. Send it again shortly.',
  });
}

function keyReused(): RegistryError {
  return new RegistryError('idempotency_key_reused', {
    detail: 'This Idempotency-Key was used for another request. Use a new key for every new request.',
  });
}
