import type { MigrationInterface, QueryRunner } from 'typeorm';
import { REGISTERED_CLIENT } from './introspection/published-views.js';

// Raw SQL on purpose, as in the first migration. Runs as partner_registry_owner.

// Under which number a kept answer's revocations stand in the guards' feed: a repeat is told the same.
const IDEMPOTENCY = `
ALTER TABLE registry.idempotency_keys ADD COLUMN revocation_seq bigint CHECK (revocation_seq > 0);`;

/** The view's third form says whose tokens a client may ask about; kept answers know their revocation's number. */
export class Introspection1764000000000 implements MigrationInterface {
  readonly name = 'Introspection1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const part of [REGISTERED_CLIENT, IDEMPOTENCY]) await runner.query(part);
  }

  down(): Promise<void> {
    throw new Error('A published column in use cannot be taken back: restore the database instead');
  }
}
