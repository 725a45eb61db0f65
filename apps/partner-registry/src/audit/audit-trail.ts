import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AuditEntry } from '../mutations/words/mutation-context.js';
import type { Actor } from '../mutations/words/operator-rules.js';
import { canonicalJson } from './canonical-json.js';
import { differenceOf } from './difference.js';
import { withPartnersConcerned } from './partners-concerned.js';

export interface AuditCircumstances {
  readonly actor: Actor;
  readonly requestId: string;
  readonly occurredAt: Date;
}

/** The last link of the chain. */
export interface ChainHead {
  readonly seq: number;
  /** SHA-256 of the last event's canonical text, lower-case hex; of nothing: 64 zeros */
  readonly hash: string;
}

interface ChainedEvent {
  readonly seq: number;
  readonly canonical: string;
  readonly hash: string;
  readonly targets: readonly string[];
}

/** Appends to the chain: every event holds the hash of the one before it. */
@Injectable()
export class AuditTrail {
  /** One head for every process: whoever appends waits for the transaction that appended last. */
  async append(
    transaction: EntityManager,
    entries: readonly AuditEntry[],
    circumstances: AuditCircumstances,
  ): Promise<void> {
    if (entries.length === 0) return;
    const concerning = await withPartnersConcerned(transaction, entries);
    let head = await lockHead(transaction);
    const events: ChainedEvent[] = [];
    for (const entry of concerning) {
      const event = chained(entry, circumstances, head);
      events.push(event);
      head = event;
    }
    await store(transaction, events, head);
  }
}

/** Whether a text has this hash is all that a link says. */
export function hashOf(canonical: string): string {
  return createHash('sha256').update(canonical).digest('hex');
}

async function lockHead(transaction: EntityManager): Promise<ChainHead> {
  const [head] = await transaction.query<{ seq: string; hash: string }[]>(
    'SELECT seq, hash FROM registry.audit_head FOR UPDATE',
  );
  if (!head) throw new Error('registry.audit_head has no row');
  return { seq: Number(head.seq), hash: head.hash };
}

function chained(
  entry: AuditEntry,
  { actor, requestId, occurredAt }: AuditCircumstances,
  head: ChainHead,
): ChainedEvent {
  const { before, after } = differenceOf(entry.before, entry.after);
  const seq = head.seq + 1;
  const canonical = canonicalJson({
    seq,
    previous_hash: head.hash,
    occurred_at: occurredAt,
    actor: { client_id: actor.clientId, certificate: actor.certificateThumbprint },
    action: entry.action,
    targets: entry.targets,
    before: before ?? null,
    after: after ?? null,
    reason: entry.reason ?? null,
    request_id: requestId,
  });
  return { seq, canonical, hash: hashOf(canonical), targets: entry.targets };
}

async function store(transaction: EntityManager, events: readonly ChainedEvent[], head: ChainHead): Promise<void> {
  await transaction.query(
    `WITH new AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(seq bigint, canonical text, hash text)),
      stored AS (INSERT INTO registry.audit_events (seq, canonical, hash) SELECT seq, canonical, hash FROM new),
      moved AS (UPDATE registry.audit_head SET seq = $2, hash = $3)
     INSERT INTO registry.audit_event_targets (target, seq) SELECT * FROM unnest($4::text[], $5::bigint[])
      ON CONFLICT DO NOTHING`,
    [JSON.stringify(events), head.seq, head.hash, ...targetColumns(events)],
  );
}

function targetColumns(events: readonly ChainedEvent[]): [string[], number[]] {
  const pairs = events.flatMap(({ seq, targets }) => targets.map((target) => ({ seq, target })));
  return [pairs.map(({ target }) => target), pairs.map(({ seq }) => seq)];
}
