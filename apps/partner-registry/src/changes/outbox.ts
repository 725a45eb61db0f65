import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Announcement } from '../mutations/words/mutation-context.js';

/** Whoever listens here gets a hint to look at once; looking every now and then is what guarantees. */
export const CHANGES_CHANNEL = 'registry_changes';

@Injectable()
export class Outbox {
  /**
   * Takes the numbers from the counter row in the last statement before COMMIT, so that they become visible in their
   * order and without gaps: a sequence would let a late commit appear behind a reader's back.
   */
  async append(transaction: EntityManager, announcements: readonly Announcement[]): Promise<void> {
    if (announcements.length === 0) return;
    const rows = announcements.map(({ type, data, clientIds = [] }, at) => ({
      place: at + 1,
      type,
      data,
      client_ids: [...new Set(clientIds)],
    }));
    await transaction.query(
      `WITH counter AS (UPDATE registry.outbox_counter SET last_seq = last_seq + $2 RETURNING last_seq - $2 AS taken),
        stored AS (INSERT INTO registry.outbox_events (seq, type, data, client_ids)
          SELECT counter.taken + r.place, r.type, r.data, r.client_ids FROM counter,
            jsonb_to_recordset($1::jsonb) AS r(place int, type text, data jsonb, client_ids uuid[]) RETURNING seq)
       SELECT pg_notify('${CHANGES_CHANNEL}', max(seq)::text) FROM stored`,
      [JSON.stringify(rows), rows.length],
    );
  }
}
