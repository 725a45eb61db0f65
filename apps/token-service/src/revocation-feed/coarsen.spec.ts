import {
  isRevoked,
  SubjectMap,
  subjectKey,
  type FindRevocation,
  type RevocableToken,
  type RevocationEntry,
} from '@partner-ecosystem/mtls-binding/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coarsen } from './coarsen.js';
import type { RecordedRevocation, Within } from './recorded-revocation.js';

const NOW = 1_800_000_000;
const now = new Date(NOW * 1_000);
const AUDIENCE = 'https://api.test';
const partnerOf = (client: number) => `ptn_${client % 3}`;
const clientId = (client: number) => `cli_${client}`;

let seq = 0;
function row(
  entry: Pick<RevocationEntry, 'kind' | 'subject'> & Partial<RevocationEntry>,
  within: Within = {},
): RecordedRevocation {
  const recorded_at = entry.recorded_at ?? NOW - 10;
  const dates = { recorded_at, expires_at: recorded_at + 990 };
  const mode = entry.mode ?? 'off';
  const cutoff = mode === 'cutoff' ? { issued_before: recorded_at + 2 } : {};
  return { within, entry: { seq: ++seq, mode, ...dates, ...cutoff, ...entry } };
}
const jti = (text: string, client: number, given: Partial<RevocationEntry> = {}) =>
  row(
    { kind: 'jti', subject: { jti: text }, ...given },
    { client_id: clientId(client), partner_id: partnerOf(client) },
  );

const finder = (entries: readonly RevocationEntry[]): FindRevocation => {
  const held = new SubjectMap<RevocationEntry>();
  for (const entry of entries) held.set(entry.kind, entry.subject, entry);
  return (...subject) => held.find(...subject);
};
const kindsOf = (entries: readonly RevocationEntry[]) => entries.map(({ kind, mode }) => `${kind} ${mode}`).sort();

// As many cases as there is time for. A failure prints its seed and path: `{ seed, path }` here repeats it.
const TIME_BUDGET = { interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false };

describe('nothing that is refused passes after the feed was made coarser', () => {
  const client = fc.nat(5);
  // Half of them where dates meet: a revocation, and tokens of just before and after.
  const around = (...instants: number[]) => fc.constantFrom(...instants.map((seconds) => NOW + seconds));
  const recordedAt = fc.oneof(fc.integer({ min: NOW - 900, max: NOW }), around(-40, -36, -6, 0));
  const mode = fc.constantFrom('off' as const, 'cutoff' as const);
  const known = fc.constantFrom('both', 'client', 'partner', 'none');
  const withinOf = (of: number, what: string): Within => ({
    ...(what === 'both' || what === 'client' ? { client_id: clientId(of) } : {}),
    ...(what === 'both' || what === 'partner' ? { partner_id: partnerOf(of) } : {}),
  });
  const of = (
    kind: RevocationEntry['kind'],
    subject: (of: number, at: number) => Record<string, string>,
    modes = mode,
  ) =>
    fc
      .record({ of: client, at: fc.nat(3), recorded_at: recordedAt, mode: modes, known })
      .map((given) =>
        row(
          { kind, subject: subject(given.of, given.at), recorded_at: given.recorded_at, mode: given.mode },
          withinOf(given.of, given.known),
        ),
      );
  const off = fc.constant('off' as const);
  const recorded = fc.oneof(
    of('jti', (o, at) => ({ jti: `jti_${o}_${at}` }), off),
    of('certificate', (o, at) => ({ thumbprint: `crt_${o}_${at}` })),
    of('grant', (o, at) => ({ client_id: clientId(o), audience: AUDIENCE, scope: `s${at}` })),
    of('client', (o) => ({ client_id: clientId(o) })),
    of('partner', (o) => ({ partner_id: partnerOf(o) })),
    of('key', (_, at) => ({ kid: `key_${at}` }), off),
    of('all', () => ({}), fc.constant('cutoff' as const)),
  );
  const rows = fc.uniqueArray(recorded, {
    selector: ({ entry }) => subjectKey(entry.kind, entry.subject),
    maxLength: 40,
  });
  const token = fc
    .record({
      of: client,
      at: fc.nat(3),
      scopes: fc.subarray(['s0', 's1', 's2', 's3']),
      iat: fc.oneof(fc.integer({ min: NOW - 930, max: NOW + 6 }), around(-40, -36, -7, -6, 0, 4, 6)),
    })
    .map(({ of: holder, at, scopes, iat }): RevocableToken & { iat: number } => ({
      iat,
      issuedAt: new Date(iat * 1_000),
      partnerId: partnerOf(holder),
      clientId: clientId(holder),
      audience: AUDIENCE,
      scopes,
      jti: `jti_${holder}_${at}`,
      keyId: `key_${at}`,
      confirmation: { 'x5t#S256': `crt_${holder}_${at}` },
    }));

  // What can exist: no honest replica signs for a subject that is off for longer than it may believe an old cache, with its
  // clock two seconds ahead and a date four seconds ahead; and what is revoked by its jti was there. A stolen key signs anything.
  const canExist = ({ iat }: { iat: number }, { kind, mode: how, recorded_at }: RevocationEntry) =>
    how === 'cutoff' || kind === 'key' || iat <= recorded_at + (kind === 'jti' ? 6 : 36);

  it('whatever is recorded, whatever the bound, and whoever is held', () => {
    fc.assert(
      fc.property(
        rows,
        fc.nat(12),
        fc.array(token, { minLength: 20, maxLength: 20 }),
        fc.nat(6),
        (given, bound, tokens, held) => {
          const holding = new Set(held < 6 ? [subjectKey('client', { client_id: clientId(held) })] : []);
          const { entries } = coarsen(given, bound, holding);
          const [before, after] = [finder(given.map(({ entry }) => entry)), finder(entries)];
          for (const candidate of tokens) {
            const why = isRevoked(candidate, before, now);
            if (why && canExist(candidate, why)) expect(isRevoked(candidate, after, now)).toBeDefined();
          }
        },
      ),
      { numRuns: 2_000, ...TIME_BUDGET },
    );
  });

  it('one entry per subject, each under a number that was given, and keys as they were', () => {
    fc.assert(
      fc.property(rows, fc.nat(12), (given, bound) => {
        const { entries } = coarsen(given, bound);
        expect(new Set(entries.map(({ kind, subject }) => subjectKey(kind, subject))).size).toBe(entries.length);
        const numbers = new Set(given.map(({ entry }) => entry.seq));
        for (const entry of entries) expect(numbers).toContain(entry.seq);
        const keys = ({ kind }: RevocationEntry) => kind === 'key';
        expect(entries.filter(keys)).toEqual(given.map(({ entry }) => entry).filter(keys));
        const unfoldable = given.filter(({ entry }) => ['key', 'all'].includes(entry.kind)).length;
        expect(entries.length).toBeLessThanOrEqual(Math.max(bound, unfoldable + 1));
      }),
      TIME_BUDGET,
    );
  });
});

describe('how the feed is made coarser', () => {
  it('not at all while there is room', () => {
    const rows = [jti('a', 1), jti('b', 1), row({ kind: 'client', subject: { client_id: 'cli_2' } })];
    expect(coarsen(rows, 3).entries).toEqual(rows.map(({ entry }) => entry));
  });

  it('the largest group first, and no more than needed', () => {
    const rows = [jti('a', 1), jti('b', 1), jti('c', 1), jti('d', 2), jti('e', 2)];
    const { entries } = coarsen(rows, 3);
    expect(kindsOf(entries)).toEqual(['client cutoff', 'jti off', 'jti off']);
    expect(entries.find(({ kind }) => kind === 'client')).toMatchObject({
      subject: { client_id: 'cli_1' },
      seq: rows[2]!.entry.seq,
      recorded_at: NOW - 10,
      issued_before: NOW - 4,
      expires_at: NOW - 10 + 990,
    });
  });

  it('beyond clients it becomes partners, then everybody', () => {
    const rows = Array.from({ length: 12 }, (_, client) => jti(`j${client}`, client));
    expect(kindsOf(coarsen(rows, 11).entries)).toContain('partner cutoff');
    expect(kindsOf(coarsen(rows, 3).entries)).toEqual(Array(3).fill('partner cutoff'));
    expect(kindsOf(coarsen(rows, 2).entries)).toEqual(['all cutoff']);
  });

  it('a certificate that is off reaches tokens of replicas with an old cache', () => {
    const certificate = (thumbprint: string) =>
      row({ kind: 'certificate', subject: { thumbprint } }, { client_id: 'cli_1', partner_id: 'ptn_1' });
    expect(coarsen([certificate('a'), certificate('b')], 1).entries[0]).toMatchObject({ issued_before: NOW - 10 + 36 });
  });

  it('a client that is off stays off, whatever is folded into it', () => {
    const client = row({ kind: 'client', subject: { client_id: 'cli_1' } });
    const { entries } = coarsen([client, jti('a', 1), jti('b', 1)], 1);
    expect(entries).toMatchObject([{ kind: 'client', mode: 'off' }]);
    expect(entries[0]!.issued_before).toBeUndefined();
  });

  it('whoever is held stays folded although there is room again', () => {
    const held = new Set([subjectKey('client', { client_id: 'cli_1' })]);
    const { entries, folded } = coarsen([jti('a', 1), jti('b', 1), jti('c', 2)], 100, held);
    expect(kindsOf(entries)).toEqual(['client cutoff', 'jti off']);
    expect([...folded]).toEqual([[[...held][0], NOW - 10]]);
  });
});
