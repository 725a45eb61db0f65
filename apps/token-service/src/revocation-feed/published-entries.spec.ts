import { expect, it } from 'vitest';
import type { RecordedRevocation } from './recorded-revocation.js';
import { PublishedEntries } from './published-entries.js';

const NOW = 1_800_000_000;
const at = (seconds: number) => new Date((NOW + seconds) * 1_000);
const row = (seq: number): RecordedRevocation => ({
  within: { client_id: 'cli_1' },
  entry: { seq, kind: 'jti', subject: { jti: `j${seq}` }, mode: 'off', recorded_at: NOW, expires_at: NOW + 990 },
});
const kinds = (entries: readonly { kind: string }[]) => entries.map(({ kind }) => kind);

it('whoever was folded stays so until the cutoff that stands for it is over, then the finer entries are back', () => {
  const told = new PublishedEntries(2);
  expect(kinds(told.of([row(1), row(2), row(3)], at(1)))).toEqual(['client']);
  expect(kinds(told.of([row(1), row(2)], at(39)))).toEqual(['client']);
  expect(kinds(told.of([row(1), row(2)], at(41)))).toEqual(['jti', 'jti']);
});

it('works once on what has not changed', () => {
  const told = new PublishedEntries(2);
  const rows = [row(1)];
  expect(told.of(rows, at(1))).toBe(told.of(rows, at(2)));
});
