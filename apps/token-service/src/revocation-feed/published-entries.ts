import type { RevocationEntry } from '@partner-ecosystem/mtls-binding/protocol';
import { coarsen } from './coarsen.js';
import type { RecordedRevocation } from './recorded-revocation.js';

/**
 * How long whoever was folded stays so: until the cutoff that stands for the finer entries is over. Else a later entry of
 * the same subject would take its place at an API that never heard of the finer ones.
 */
const HELD_SECONDS = 40;

/** The entries as the feed tells them: as they are, or coarser when there are too many. */
export class PublishedEntries {
  #rows: readonly RecordedRevocation[] = [];
  #entries: readonly RevocationEntry[] = [];
  #heldUntil = new Map<string, number>();

  constructor(private readonly bound: number) {}

  /** @param rows the live ones; worked on once while they are the same array */
  of(rows: readonly RecordedRevocation[], now: Date): readonly RevocationEntry[] {
    if (rows === this.#rows) return this.#entries;
    const seconds = now.getTime() / 1_000;
    const held = [...this.#heldUntil].filter(([, until]) => until > seconds).map(([key]) => key);
    const { entries, folded } = coarsen(rows, this.bound, new Set(held));
    this.#heldUntil = new Map([...folded].map(([key, newest]) => [key, newest + HELD_SECONDS]));
    this.#rows = rows;
    this.#entries = entries;
    return entries;
  }
}
