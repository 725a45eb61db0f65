import {
  subjectKey,
  type RevocationEntry,
  type RevocationKind,
  type RevocationSubject,
} from '@partner-ecosystem/mtls-binding/protocol';
import type { RecordedRevocation, Within } from './recorded-revocation.js';

export interface Coarsened {
  readonly entries: readonly RevocationEntry[];
  /** Whoever finer entries were folded into, by `subjectKey`, with when the newest of those was recorded. */
  readonly folded: ReadonlyMap<string, number>;
}

// Seconds past its record that a token can be dated which an off refuses: a clock may be two off, a token dated four
// ahead (issued-at.ts), and a replica may believe a client as it was for thirty.
const TOKEN_ALREADY_ISSUED = 2 + 4;
const TOKEN_OF_AN_OLD_CACHE = TOKEN_ALREADY_ISSUED + 30;

type Nodes = Map<string, RecordedRevocation>;

interface Round {
  readonly kinds: readonly RevocationKind[];
  readonly into: (within: Within) => { kind: RevocationKind; subject: RevocationSubject } | undefined;
}

// A distrusted key is never folded: who stole it dates tokens as they like, and no cutoff reaches those.
const FINE: readonly RevocationKind[] = ['jti', 'grant', 'certificate'];
const ROUNDS: readonly Round[] = [
  {
    kinds: FINE,
    into: ({ client_id }) => (client_id === undefined ? undefined : { kind: 'client', subject: { client_id } }),
  },
  {
    kinds: [...FINE, 'client'],
    into: ({ partner_id }) => (partner_id === undefined ? undefined : { kind: 'partner', subject: { partner_id } }),
  },
  { kinds: [...FINE, 'client', 'partner'], into: () => ({ kind: 'all', subject: {} }) },
];

/**
 * The entries of a feed of at most `bound`, as far as that can be: the largest groups of entries about tokens, grants and
 * certificates become a cutoff of their client, then what is left one of its partner, then of everybody. Every token
 * that was refused still is; some that were not must be asked for anew.
 * @param held whoever stays folded although there would be room again
 */
export function coarsen(
  rows: readonly RecordedRevocation[],
  bound: number,
  held: ReadonlySet<string> = new Set(),
): Coarsened {
  const folded = new Map<string, number>();
  if (rows.length <= bound && held.size === 0) return { entries: rows.map(({ entry }) => entry), folded };
  const nodes: Nodes = new Map(rows.map((row) => [keyOf(row.entry), { ...row, within: withinOf(row) }]));
  for (const round of ROUNDS) {
    for (const { key, members, into } of groupsOf(nodes, round)) {
      if (nodes.size <= bound && !held.has(key)) continue;
      const coarser = fold(into, members, nodes.get(key));
      for (const member of members) nodes.delete(keyOf(member.entry));
      nodes.set(key, coarser);
      folded.set(key, coarser.entry.recorded_at);
    }
  }
  return { entries: [...nodes.values()].map(({ entry }) => entry), folded };
}

interface Group {
  readonly key: string;
  readonly into: NonNullable<ReturnType<Round['into']>>;
  readonly members: RecordedRevocation[];
}

/** Those where folding makes the feed shorter, the largest first. */
function groupsOf(nodes: Nodes, { kinds, into }: Round): Group[] {
  const groups = new Map<string, Group>();
  for (const node of nodes.values()) {
    const target = kinds.includes(node.entry.kind) ? into(node.within) : undefined;
    if (!target) continue;
    const key = subjectKey(target.kind, target.subject);
    const group = groups.get(key) ?? { key, into: target, members: [] };
    group.members.push(node);
    groups.set(key, group);
  }
  return [...groups.values()]
    .filter(({ key, members }) => members.length > 1 || nodes.has(key))
    .sort((a, b) => b.members.length - a.members.length);
}

function fold(
  { kind, subject }: Group['into'],
  members: readonly RecordedRevocation[],
  present: RecordedRevocation | undefined,
): RecordedRevocation {
  const all = present ? [present, ...members] : members;
  const latest = (value: (entry: RevocationEntry) => number) =>
    all.reduce((most, { entry }) => Math.max(most, value(entry)), 0);
  const shared = {
    seq: latest(({ seq }) => seq),
    kind,
    subject,
    recorded_at: latest(({ recorded_at }) => recorded_at),
    expires_at: latest(({ expires_at }) => expires_at),
  };
  // Nothing refuses more than an off.
  const entry: RevocationEntry =
    present?.entry.mode === 'off'
      ? { ...shared, mode: 'off' }
      : { ...shared, mode: 'cutoff', issued_before: latest(reachOf) };
  const partner_id = all.find(({ within }) => within.partner_id !== undefined)?.within.partner_id;
  return { entry, within: kind === 'client' && partner_id !== undefined ? { ...subject, partner_id } : subject };
}

/** No token that the entry refuses is dated later. */
function reachOf({ kind, mode, issued_before, recorded_at }: RevocationEntry): number {
  if (mode === 'cutoff') return issued_before!;
  return recorded_at + (kind === 'jti' ? TOKEN_ALREADY_ISSUED : TOKEN_OF_AN_OLD_CACHE);
}

function keyOf({ kind, subject }: RevocationEntry): string {
  return subjectKey(kind, subject);
}

// What the recorder did not say, the subject itself may.
function withinOf({ entry, within }: RecordedRevocation): Within {
  const { partner_id, client_id } = { ...entry.subject, ...within } as Within;
  return { ...(partner_id === undefined ? {} : { partner_id }), ...(client_id === undefined ? {} : { client_id }) };
}
