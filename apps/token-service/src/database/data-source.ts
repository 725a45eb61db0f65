import { Logger } from '@nestjs/common';
import { runtimeDataSource, type RuntimeDataSource } from '@partner-ecosystem/platform/database';
import { PublicKeyOwner } from '../records/public-key-owner.entity.js';
import { PublishedCrl } from '../records/published-crl.entity.js';
import { RegisteredClient } from '../records/registered-client.entity.js';
import { SigningKey } from '../records/signing-key.entity.js';
import { databaseRoles } from './database-roles.js';
import { SigningKeys1763800000000 } from './migrations/1763800000000-signing-keys.js';
import { Revocations1763900000000 } from './migrations/1763900000000-revocations.js';
import { SigningKeyRotation1763900200000 } from './migrations/1763900200000-signing-key-rotation.js';
import { AssertionReplay1763900300000 } from './migrations/1763900300000-assertion-replay.js';
import { AuthenticationEvents1763900400000 } from './migrations/1763900400000-authentication-events.js';
import { RevocationFeed1764000000000 } from './migrations/1764000000000-revocation-feed.js';
import { SigningKeyPurpose1764000100000 } from './migrations/1764000100000-signing-key-purpose.js';
import { RefusedAttempts1796200000001 } from './migrations/1796200000001-refused-attempts.js';

const logger = new Logger('Database');

/** In the order they run. */
export const migrations = [
  SigningKeys1763800000000,
  Revocations1763900000000,
  SigningKeyRotation1763900200000,
  AssertionReplay1763900300000,
  AuthenticationEvents1763900400000,
  RevocationFeed1764000000000,
  SigningKeyPurpose1764000100000,
  RefusedAttempts1796200000001,
];

/** How the running service reaches Postgres: as a role that owns nothing. */
export function dataSourceOptions(url: string): RuntimeDataSource {
  return runtimeDataSource({
    url,
    schema: databaseRoles.schema,
    entities: [SigningKey, RegisteredClient, PublicKeyOwner, PublishedCrl],
    applicationName: 'token-service',
    log: (message) => logger.warn(message),
  });
}
