import { randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import pg from 'pg';
import { expect, vi } from 'vitest';

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  Plans?: Node[];
}

/** A statement as it was carried out. */
export interface QueryPlan {
  query: string;
  /** every node: `Node Type Relation Name`, and how many rows it looked at */
  nodes: { name: string; rows: number }[];
}

/**
 * From now on Postgres logs the plan of everything that new connections of this login carry out: not what EXPLAIN would
 * guess of a query somebody copied, but what happened.
 */
export async function logPlans(adminUrl: string, login: string): Promise<void> {
  await asAdmin(adminUrl, async (client) => {
    const settings = {
      session_preload_libraries: 'auto_explain',
      'auto_explain.log_min_duration': '0',
      'auto_explain.log_format': 'json',
      'auto_explain.log_analyze': 'on',
      'auto_explain.log_timing': 'off',
      'auto_explain.log_nested_statements': 'on',
    };
    // the settings are known once the library is
    await client.query(`LOAD 'auto_explain'`);
    for (const [name, value] of Object.entries(settings)) {
      await client.query(`ALTER ROLE ${login} SET ${name} = '${value}'`);
    }
  });
}

/** Tables with so many rows that nobody may read all of them for one page. */
export async function bigTables(adminUrl: string, rows: number): Promise<string[]> {
  return asAdmin(adminUrl, async (client) => {
    const { rows: found } = await client.query<{ relname: string }>(
      `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'registry'::regnamespace AND reltuples >= $1`,
      [rows],
    );
    return found.map(({ relname }) => relname);
  });
}

/** What was carried out while `act` ran, by whom plans are logged. */
export async function plansDuring(
  { logFile, adminUrl }: { logFile: string; adminUrl: string },
  act: () => Promise<unknown>,
): Promise<QueryPlan[]> {
  const before = statSync(logFile).size;
  await act();
  // Postgres logs in order, and a plan before the answer: once this line is there, all plans are.
  const last = randomUUID();
  await asAdmin(adminUrl, (client) => client.query(`DO $$ BEGIN RAISE LOG '${last}'; END $$`));
  const log = () => readFileSync(logFile).subarray(before).toString();
  await vi.waitFor(() => expect(log()).toContain(last), { timeout: 240_000, interval: 10 });
  return plansIn(log());
}

function plansIn(log: string): QueryPlan[] {
  // further lines of a message begin with a tab
  return [...log.matchAll(/duration: [\d.]+ ms  plan:\n((?:\t.*\n?)+)/g)].map(([, json]) => {
    const { 'Query Text': query, Plan: plan } = JSON.parse(json!) as { 'Query Text': string; Plan: Node };
    return { query, nodes: nodesOf(plan) };
  });
}

function nodesOf(node: Node): QueryPlan['nodes'] {
  const { 'Actual Rows': kept = 0, 'Rows Removed by Filter': removed = 0, 'Actual Loops': loops = 1 } = node;
  const name = `${node['Node Type']} ${node['Relation Name'] ?? ''}`.trim();
  return [{ name, rows: (kept + removed) * loops }, ...(node.Plans ?? []).flatMap(nodesOf)];
}

async function asAdmin<T>(adminUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
