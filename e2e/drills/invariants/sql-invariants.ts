import pg from 'pg';
import type { Invariant, SqlInvariant } from './invariant.js';

/** @param databaseUrl of a login that may read both schemas */
export function sqlInvariants(databaseUrl: string, invariants: readonly SqlInvariant[]): Invariant[] {
  return invariants.map(({ name, sql }) => ({
    name,
    broken: async () => (await rowsOf(databaseUrl, sql)).map((row) => JSON.stringify(row)),
  }));
}

export async function rowsOf<Row extends object>(databaseUrl: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
