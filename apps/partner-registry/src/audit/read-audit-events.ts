import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { pageRequest, type Page } from '../http/page.js';
import { cursorAfter, seqBefore } from './audit-cursor.js';
import type { AuditEvent, AuditEventQuery } from './audit-event.schema.js';
import { auditEventsAfter, type StoredEvent } from './audit-events.js';

const BATCH = 500;

@Injectable()
export class ReadAuditEvents {
  constructor(private readonly database: DataSource) {}

  async page(query: AuditEventQuery): Promise<Page<AuditEvent>> {
    const { limit } = pageRequest({ limit: query.limit });
    const rows = await auditEventsAfter(this.database.manager, startOf(query), limit + 1, query);
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      items: items.map((row) => JSON.parse(lineOf(row)) as AuditEvent),
      next_cursor: rows.length > limit && last ? cursorAfter(last.seq) : null,
    };
  }

  /**
   * Every matching event from the cursor on, one JSON text per line, at most `limit` if there is one. Read in batches,
   * so that an export of years neither fills the memory nor holds a transaction open.
   */
  async *lines(query: AuditEventQuery): AsyncGenerator<string> {
    let left = query.limit === undefined ? Infinity : Number(query.limit);
    let after = startOf(query);
    while (left > 0) {
      const rows = await auditEventsAfter(this.database.manager, after, Math.min(BATCH, left), query);
      for (const row of rows) yield `${lineOf(row)}\n`;
      if (rows.length === 0) return;
      left -= rows.length;
      after = rows.at(-1)!.seq;
    }
  }
}

function startOf({ cursor }: AuditEventQuery): number {
  return cursor === undefined ? 0 : seqBefore(cursor)!;
}

// The stored text itself, with its hash as the last member: whoever takes it off again holds what was hashed.
function lineOf({ canonical, hash }: StoredEvent): string {
  return `${canonical.slice(0, -1)},"hash":${JSON.stringify(hash)}}`;
}
