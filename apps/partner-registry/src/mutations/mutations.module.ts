import { Module } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.js';
import { Outbox } from '../changes/outbox.js';
import { RevocationRecords } from '../revocations/revocation-records.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { Mutations } from './mutations.js';

@Module({
  providers: [Mutations, IdempotencyKeys, RevocationRecords, AuditTrail, Outbox],
  exports: [Mutations],
})
export class MutationsModule {}
