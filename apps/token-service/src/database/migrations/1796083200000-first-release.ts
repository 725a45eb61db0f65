import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUTHENTICATION_EVENTS, EVENT_PRIVILEGES, PARTITIONS } from './first-release/authentication-events.js';
import { FORGET_REFUSED_ATTEMPTS, REFUSED_ATTEMPTS } from './first-release/refused-attempts.js';
import {
  CONFIRM_REVOCATION_HISTORY,
  REVOCATION_EPOCHS,
  REVOCATION_HISTORY,
} from './first-release/revocation-epochs.js';
import {
  FORGET_REVOCATIONS,
  PUT_REVOCATION,
  RECORD_OUR_OWN,
  RECORD_REVOCATION,
  REVOCATIONS,
} from './first-release/revocations.js';
import { SIGNING_KEYS } from './first-release/signing-keys.js';
import { USED_ASSERTIONS } from './first-release/used-assertions.js';
import { AUTHENTICATION_EVENT_PUBLISHED } from './first-release/views/authentication-event-published.js';
import { CERTIFICATE_USE } from './first-release/views/certificate-use.js';
import { REFUSED_ATTEMPTS_PUBLISHED } from './first-release/views/refused-attempts-published.js';

// Raw SQL on purpose: it must keep doing what it did when it was written. Runs as token_service_owner.

const SCHEMA_PRIVILEGES = 'GRANT USAGE ON SCHEMA token TO token_service_app, partner_registry_app';
const FEED = [
  ...[REVOCATIONS, PUT_REVOCATION, RECORD_REVOCATION, RECORD_OUR_OWN, FORGET_REVOCATIONS],
  ...[REVOCATION_HISTORY, REVOCATION_EPOCHS, CONFIRM_REVOCATION_HISTORY],
];
const EVENTS = [AUTHENTICATION_EVENTS, PARTITIONS, EVENT_PRIVILEGES, REFUSED_ATTEMPTS, FORGET_REFUSED_ATTEMPTS];
const VIEWS = [CERTIFICATE_USE, AUTHENTICATION_EVENT_PUBLISHED, REFUSED_ATTEMPTS_PUBLISHED];

/** All of the token service in 0.1.0: `first-release/` holds the SQL, a file for each subject and for each published view. */
export class FirstRelease1796083200000 implements MigrationInterface {
  readonly name = 'FirstRelease1796083200000';

  async up(runner: QueryRunner): Promise<void> {
    const callers = (await runner.query(`SELECT 1 FROM pg_roles WHERE rolname = 'partner_registry_app'`)) as unknown[];
    if (callers.length === 0) {
      throw new Error(
        'The role partner_registry_app does not exist yet: run prepare-database of the partner registry first',
      );
    }
    await runner.query(SCHEMA_PRIVILEGES);
    for (const part of [SIGNING_KEYS, USED_ASSERTIONS, ...FEED, ...EVENTS, ...VIEWS]) await runner.query(part);
  }

  down(): Promise<void> {
    throw new Error('Before the first release there is nothing: restore the database instead');
  }
}
