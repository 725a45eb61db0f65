import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { pageRequest } from '../http/page.js';
import type { ChangeQuery } from './change.schema.js';

export interface Change {
  readonly seq: number;
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly created_at: Date;
}

@Injectable()
export class ReadChanges {
  constructor(private readonly database: DataSource) {}

  /** Numbers have no gaps and appear in their order: whoever has seen one has seen all before it. */
  async after(query: ChangeQuery): Promise<{ items: Change[]; next_after: number }> {
    const after = query.after ?? 0;
    const rows = await this.database.query<(Omit<Change, 'seq'> & { seq: string })[]>(
      'SELECT seq, type, data, created_at FROM registry.outbox_events WHERE seq > $1 ORDER BY seq LIMIT $2',
      [after, pageRequest({ limit: query.limit }).limit],
    );
    const items = rows.map((row) => ({ ...row, seq: Number(row.seq) }));
    return { items, next_after: items.at(-1)?.seq ?? after };
  }
}
