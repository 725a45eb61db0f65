import type { EntityManager } from 'typeorm';
import { auditEventsAfter, auditHead, type StoredEvent } from './audit-events.js';
import { hashOf, type ChainHead } from './audit-trail.js';

/** What is wrong with the first bad link. */
export type ChainFault =
  /** there is no event of this number, and there are later ones */
  | 'missing'
  /** its text does not have its hash */
  | 'altered'
  /** its text is of another number, or does not follow the event before it */
  | 'unlinked'
  /** the head counts this event, and it and all after it are gone */
  | 'truncated'
  /** the head does not count it */
  | 'beyond_head'
  /** the head, or the one that was noted down, names another hash */
  | 'another_hash';

export type ChainVerdict =
  | { readonly intact: true; readonly head: ChainHead }
  | { readonly intact: false; readonly seq: number; readonly fault: ChainFault };

const BATCH = 1000;
const NOTHING: ChainHead = { seq: 0, hash: '0'.repeat(64) };

/**
 * Walks the chain from its first event to its head and names the first bad link. Needs one snapshot: a transaction of
 * REPEATABLE READ.
 * @param noted a head that was noted down earlier, elsewhere; what was rewritten together with the head shows by it
 * Does not check: a chain whose end and head were cut off together since the last head that anybody noted down.
 */
export async function verifyChain(snapshot: EntityManager, noted?: ChainHead): Promise<ChainVerdict> {
  const head = await auditHead(snapshot);
  let last = NOTHING;
  for (;;) {
    const batch = await auditEventsAfter(snapshot, last.seq, BATCH);
    for (const event of batch) {
      const fault = faultOf(event, last, head, noted);
      if (fault) return { intact: false, seq: fault === 'missing' ? last.seq + 1 : event.seq, fault };
      last = event;
    }
    if (batch.length < BATCH) return verdictAtEnd(last, head, noted);
  }
}

function faultOf(event: StoredEvent, last: ChainHead, head: ChainHead, noted?: ChainHead): ChainFault | undefined {
  if (event.seq !== last.seq + 1) return 'missing';
  if (hashOf(event.canonical) !== event.hash) return 'altered';
  const { seq, previous_hash } = JSON.parse(event.canonical) as { seq?: unknown; previous_hash?: unknown };
  if (seq !== event.seq || previous_hash !== last.hash) return 'unlinked';
  if (event.seq === noted?.seq && event.hash !== noted.hash) return 'another_hash';
  return event.seq > head.seq ? 'beyond_head' : undefined;
}

function verdictAtEnd(last: ChainHead, head: ChainHead, noted: ChainHead = NOTHING): ChainVerdict {
  if (last.seq < Math.max(head.seq, noted.seq)) return { intact: false, seq: last.seq + 1, fault: 'truncated' };
  if (last.hash !== head.hash) return { intact: false, seq: last.seq, fault: 'another_hash' };
  return { intact: true, head: { seq: last.seq, hash: last.hash } };
}
