import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '@partner-ecosystem/test-postgres';
import pg from 'pg';
import { inject } from 'vitest';
import { databaseUrlsOf, type DatabaseUrls } from './database-urls.testing.js';
import type {} from './migrated-database.testing.js';

export interface TestDatabase extends DatabaseUrls {
  /** one statement on a connection of its own, as the registry's role unless another URL is given */
  // Rows are whatever the statement selects, for specs to compare.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  query(sql: string, values?: unknown[], url?: string): Promise<any[]>;
  stop(): Promise<void>;
}

/** A Postgres of its own with the schemas of both services, and nothing in them. */
export async function startDatabase(): Promise<TestDatabase> {
  const server = await startPostgres({ template: inject('migratedDatabase') });
  const urls = databaseUrlsOf(server);
  return {
    ...urls,
    query: (sql, values, url = urls.runtimeUrl) => queryOver(url, sql, values),
    stop: async () => {
      await closedConnections(urls.adminUrl);
      await server.stop();
    },
  };
}

// A pool has said goodbye to its connections before Postgres has heard it. Ending Postgres in between makes noise.
async function closedConnections(adminUrl: string): Promise<void> {
  const sql = `SELECT 1 FROM pg_stat_activity WHERE usename <> 'postgres' AND backend_type = 'client backend'`;
  for (let attempt = 0; attempt < 200; attempt++) {
    const open = await queryOver(adminUrl, sql, []).catch(() => []);
    if (open.length === 0) return;
    await sleep(25);
  }
}

async function queryOver(url: string, sql: string, values: unknown[] | undefined) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}
