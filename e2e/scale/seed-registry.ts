import pg from 'pg';
import { seedStatements, type SeededIdentity, type SeedStatement } from './seed-statements.js';

export interface SeedOptions {
  /** of a superuser, to a database whose registry is migrated and bootstrapped */
  adminUrl: string;
  clients: number;
  /** of all of them; nobody's unless told */
  identity?: SeededIdentity;
  /** names of statements; all unless told */
  only?: readonly string[];
  signal: AbortSignal;
  /** told after each step: what, how many of them so far, of how many */
  tell: (what: string, done: number, all: number) => void;
}

const BATCH = 50_000;

/**
 * Fills the registry by set-based SQL: clients with a partner, a certificate, a key and a grant each, enough of everything
 * else that lists have a page 1,000, and one partner, client and anchor on which very much hangs. Keys and hashes are
 * random text: nothing here can authenticate. The audit chain and the outbox are continued as the registry would.
 *
 * @returns the key of a client, and of every other thing, by its number, as hexadecimal digits
 */
export async function seedRegistry(options: SeedOptions): Promise<(number: number) => string> {
  const { adminUrl, clients, identity, only, signal, tell } = options;
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    // within the run as within uuidv7(): later rows have greater keys
    const epoch = Date.now().toString(16).padStart(12, '0');
    for (const statement of seedStatements(clients, identity)) {
      if (only === undefined || only.includes(statement.what)) await fill(client, statement, epoch, signal, tell);
    }
    tell('statistics', 0, 1);
    await client.query('VACUUM (ANALYZE)');
    tell('statistics', 1, 1);
    return (number) => `${epoch}7000a${(2 * number).toString(16).padStart(15, '0')}`;
  } finally {
    await client.end();
  }
}

async function fill(
  client: pg.Client,
  { what, rows, sql }: SeedStatement,
  epoch: string,
  signal: AbortSignal,
  tell: SeedOptions['tell'],
): Promise<void> {
  for (let from = 1; from <= rows; from += BATCH) {
    signal.throwIfAborted();
    const to = Math.min(from + BATCH - 1, rows);
    await client.query('BEGIN');
    for (const part of [sql].flat()) await client.query(withBounds(part, { from, to, epoch }));
    await client.query('COMMIT');
    tell(what, to, rows);
  }
}

/** Of several statements only some name all three, which a prepared one would refuse; all are ours, none is given. */
function withBounds(sql: string, { from, to, epoch }: { from: number; to: number; epoch: string }): string {
  const id = (number: string, odd = ''): string =>
    `('${epoch}7000a' || lpad(to_hex(2 * (${number})${odd}), 15, '0'))::uuid`;
  return sql
    .replaceAll(':from', String(from))
    .replaceAll(':to', String(to))
    .replaceAll(/\bID\(([^()]+)\)/g, (_, number: string) => id(number))
    .replaceAll(/\bODD_ID\(([^()]+)\)/g, (_, number: string) => id(number, ' + 1'));
}
