import { Injectable } from '@nestjs/common';
import { QueryFailedError, type EntityManager } from 'typeorm';
import type { RevocationEntry } from './words/mutation-context.js';
import { RegistryError } from '../problems/registry-error.js';

// undefined_function, invalid_schema_name, insufficient_privilege: the token service’s migrations did not run here
const NOT_THERE = new Set(['42883', '3F000', '42501']);

/** Writes into the token service's feed by the one function it publishes for us, in the registry's own transaction. */
@Injectable()
export class RevocationRecords {
  /**
   * @returns the highest number among the entries; undefined when there was nothing to record, or nothing to turn
   * @throws RegistryError `revocations_unavailable`: a change that takes access away without a record is not made
   */
  async record(transaction: EntityManager, entries: readonly RevocationEntry[]): Promise<number | undefined> {
    if (entries.length === 0) return undefined;
    try {
      const [row] = await transaction.query<{ seq: string | null }[]>(
        `SELECT max(token.record_revocation(r.kind, r.subject, r.mode, r.reason, coalesce(r."within", '{}'))) AS seq
          FROM jsonb_to_recordset($1::jsonb) AS r(kind text, subject jsonb, mode text, reason text, "within" jsonb)`,
        [JSON.stringify(entries)],
      );
      return row?.seq ? Number(row.seq) : undefined;
    } catch (error) {
      throw isMissing(error) ? revocationsUnavailable(error) : error;
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof QueryFailedError && NOT_THERE.has(String((error.driverError as { code?: unknown }).code));
}

function revocationsUnavailable(error: unknown): RegistryError {
  return new RegistryError('revocations_unavailable', {
    detail: 'The revocation could not be recorded for the APIs to hear of, so nothing was changed.',
    cause: new Error('token.record_revocation cannot be called: run migrate of the token service', { cause: error }),
  });
}
