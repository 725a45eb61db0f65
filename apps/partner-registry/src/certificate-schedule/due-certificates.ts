import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** uuids, and since when it is due. */
export interface DueCertificate {
  readonly id: string;
  readonly client_id: string;
  readonly due_at: Date;
}

const PAGE = 100;
const FIRST = { due_at: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

// Each by its own index of what waits for the date, in its order.
const pageOf = (date: string, waiting: string) => `
SELECT t.id, t.client_id, t.${date} AS due_at FROM registry.certificates t
 WHERE ${waiting} AND t.${date} <= $1 AND (t.${date}, t.id) > ($2, $3)
 ORDER BY t.${date}, t.id LIMIT ${PAGE}`;

const TO_ACTIVATE = pageOf('activate_at', `t.status = 'pending' AND t.activate_at IS NOT NULL`);
// Where any certificate of the subject is accepted, a superseded one would be again: that one keeps its date instead.
const TO_RETIRE = pageOf(
  'retire_at',
  `t.status = 'active' AND t.retire_at IS NOT NULL AND EXISTS (SELECT 1 FROM registry.clients c
    WHERE c.id = t.client_id AND c.certificate_policy <> 'identity_only')`,
);
const TO_EXPIRE = pageOf('not_after', `t.status IN ('pending', 'active', 'superseded')`);

/** Certificates whose date has come, a page at a time. Whoever changes one looks again once it is locked. */
@Injectable()
export class DueCertificates {
  constructor(private readonly database: DataSource) {}

  toActivate(now: Date, after?: DueCertificate): Promise<DueCertificate[]> {
    return this.page(TO_ACTIVATE, now, after);
  }

  toRetire(now: Date, after?: DueCertificate): Promise<DueCertificate[]> {
    return this.page(TO_RETIRE, now, after);
  }

  toExpire(now: Date, after?: DueCertificate): Promise<DueCertificate[]> {
    return this.page(TO_EXPIRE, now, after);
  }

  private page(sql: string, now: Date, after?: DueCertificate): Promise<DueCertificate[]> {
    const { due_at, id } = after ?? FIRST;
    return this.database.query(sql, [now, due_at, id]);
  }
}
