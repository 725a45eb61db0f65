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
  /** the head, or one that was noted down, names another hash */
  | 'another_hash';

export type ChainVerdict =
  | { readonly intact: true; readonly head: ChainHead }
  | { readonly intact: false; readonly seq: number; readonly fault: ChainFault };

const BATCH = 1000;
const NOTHING: ChainHead = { seq: 0, hash: '0'.repeat(64) };
const NO_HEAD: ChainHead = { seq: 0, hash: '' };

/**
 * Walks the chain from its first event to its head and names the first bad link. Needs one snapshot: a transaction of
 * REPEATABLE READ.
 * @param noted heads that were noted down earlier, elsewhere; what was rewritten together with the head shows by them
 * Does not check: a chain whose end and head were cut off together since the last head that anybody noted down.
 */
export async function verifyChain(snapshot: EntityManager, noted: readonly ChainHead[] = []): Promise<ChainVerdict> {
  const head = (await auditHead(snapshot)) ?? NO_HEAD;
  const notes = new Notes(noted);
  let last = NOTHING;
  if (notes.contradict(last)) return { intact: false, seq: last.seq, fault: 'another_hash' };
  for (;;) {
    const batch = await auditEventsAfter(snapshot, last.seq, BATCH);
    for (const event of batch) {
      const fault = faultOf(event, last, head, notes);
      if (fault) return { intact: false, seq: fault === 'missing' ? last.seq + 1 : event.seq, fault };
      last = event;
    }
    if (batch.length < BATCH) return verdictAtEnd(last, head, notes);
  }
}

/** What was noted down about links: of one link perhaps more than once, and not always the same. */
class Notes {
  readonly lastSeq: number;
  private readonly hashes = new Map<number, Set<string>>();

  constructor(noted: readonly ChainHead[]) {
    for (const { seq, hash } of noted) this.hashes.set(seq, (this.hashes.get(seq) ?? new Set()).add(hash));
    this.lastSeq = noted.reduce((last, { seq }) => Math.max(last, seq), 0);
  }

  contradict({ seq, hash }: ChainHead): boolean {
    const noted = this.hashes.get(seq);
    return noted !== undefined && (noted.size > 1 || !noted.has(hash));
  }
}

function faultOf(event: StoredEvent, last: ChainHead, head: ChainHead, notes: Notes): ChainFault | undefined {
  if (event.seq !== last.seq + 1) return 'missing';
  if (hashOf(event.canonical) !== event.hash) return 'altered';
  const { seq, previous_hash } = JSON.parse(event.canonical) as { seq?: unknown; previous_hash?: unknown };
  if (seq !== event.seq || previous_hash !== last.hash) return 'unlinked';
  if (notes.contradict(event)) return 'another_hash';
  return event.seq > head.seq ? 'beyond_head' : undefined;
}

function verdictAtEnd(last: ChainHead, head: ChainHead, notes: Notes): ChainVerdict {
  if (last.seq < Math.max(head.seq, notes.lastSeq)) return { intact: false, seq: last.seq + 1, fault: 'truncated' };
  if (last.hash !== head.hash) return { intact: false, seq: last.seq, fault: 'another_hash' };
  return { intact: true, head: { seq: last.seq, hash: last.hash } };
}
