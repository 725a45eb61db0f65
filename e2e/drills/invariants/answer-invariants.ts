import type { Operator } from '../../stack/admin/operator.js';
import { allOf, type Held } from '../writers/held.js';
import type { Acknowledged, Writer } from '../writers/writer.js';
import type { Invariant } from './invariant.js';
import { rowsOf } from './sql-invariants.js';

/** Commands, at the installation, before anybody writes, and the registry's own jobs, whenever their time has come: nobody asked. */
const UNASKED = '^(command|job):';
const EVENTS = `SELECT e.action, t.target FROM registry.audit_events e
  JOIN registry.audit_event_targets t ON t.seq = e.seq WHERE e.actor !~ '${UNASKED}'`;
const DONE = `SELECT action, count(*)::int AS number FROM registry.audit_events
  WHERE actor !~ '${UNASKED}' GROUP BY action`;
const READ_AT_ONCE = 8;

/** What the writers were told is what there is. */
export function answerInvariants(writers: readonly Writer[], databaseUrl: string, operator: Operator): Invariant[] {
  const acknowledged = writers.flatMap((writer) => writer.acknowledged);
  const held = writers.flatMap(({ desk }) => desk.partners.flatMap(allOf));
  return [
    {
      name: 'no mutation was answered as there was no reason to',
      broken: () => Promise.resolve(writers.flatMap(({ unexpected }) => unexpected)),
    },
    {
      name: 'every mutation that was answered is audited, once however often it was asked for',
      broken: () => auditedOtherwise(acknowledged, databaseUrl),
    },
    { name: 'nothing was done that was not answered', broken: () => doneOtherwise(acknowledged, databaseUrl) },
    { name: 'every answer is kept under its key', broken: () => keysMissing(acknowledged, databaseUrl) },
    { name: 'the last answer about an object is what is read of it', broken: () => readOtherwise(held, operator) },
  ];
}

function tally(names: readonly string[]): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const name of names) numbers.set(name, (numbers.get(name) ?? 0) + 1);
  return numbers;
}

function differences(expected: Map<string, number>, found: Map<string, number>): string[] {
  return [...expected]
    .filter(([name, number]) => found.get(name) !== number)
    .map(([name, number]) => `${name}: answered ${number}, found ${found.get(name) ?? 0}`);
}

async function auditedOtherwise(acknowledged: readonly Acknowledged[], databaseUrl: string): Promise<string[]> {
  const events = await rowsOf<{ action: string; target: string }>(databaseUrl, EVENTS);
  return differences(
    tally(acknowledged.map(({ action, target }) => `${action} ${target}`)),
    tally(events.map(({ action, target }) => `${action} ${target}`)),
  );
}

async function doneOtherwise(acknowledged: readonly Acknowledged[], databaseUrl: string): Promise<string[]> {
  const done = await rowsOf<{ action: string; number: number }>(databaseUrl, DONE);
  const found = new Map(done.map(({ action, number }) => [action, number]));
  const expected = tally(acknowledged.map(({ action }) => action));
  for (const action of found.keys()) if (!expected.has(action)) expected.set(action, 0);
  return differences(expected, found);
}

async function keysMissing(acknowledged: readonly Acknowledged[], databaseUrl: string): Promise<string[]> {
  const rows = await rowsOf<{ key: string }>(databaseUrl, 'SELECT key FROM registry.idempotency_keys');
  const kept = new Set(rows.map(({ key }) => key));
  return acknowledged.filter(({ key }) => !kept.has(key)).map(({ key, action }) => `${key}: ${action}`);
}

/** Through the API, by a process that was never killed. */
async function readOtherwise(held: readonly Held[], operator: Operator): Promise<string[]> {
  const waiting = [...held];
  const faults: string[] = [];
  const read = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { status, body } = await operator.send(next.path);
      const same = body['status'] === next.status && (next.version ?? body['version']) === body['version'];
      if (status !== 200 || !same) faults.push(`${next.path}: ${status}, ${shownAs(body)}, expected ${shownAs(next)}`);
    }
  };
  await Promise.all(Array.from({ length: READ_AT_ONCE }, read));
  return faults;
}

function shownAs({ status, version }: { status?: unknown; version?: unknown }): string {
  return `${String(status)} in version ${String(version)}`;
}
