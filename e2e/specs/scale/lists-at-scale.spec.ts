import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryOfPageThousand, type ListOperation } from '../../scale/list-pages.js';
import { seedRegistry } from '../../scale/seed-registry.js';
import { pagedLists, seededLists } from '../../scale/seeded-lists.js';
import { HttpsClient } from '../../stack/admin/https-client.js';
import { Operator } from '../../stack/admin/operator.js';
import { appRole } from '../../stack/database/app-role.js';
import { freePorts } from '../../stack/ports/free-ports.js';
import { runCommand } from '../../stack/processes/one-shot-command.js';
import { startReplica, type Replica } from '../../stack/processes/replica.js';
import { startStack, type Stack } from '../../stack/start-stack.js';
import { ApiDocument, type Operation } from '../registry/openapi/api-document.js';
import { bigTables, logPlans, plansDuring, type QueryPlan } from './query-plans.js';

const CLIENTS = 10_000;
const BIG = 5_000;
/** Of any node of a plan for a page of ten: a page and what is joined to it, not a table. */
const MOST_ROWS = 200;

describe('a registry with ten thousand clients', () => {
  const directory = mkdtempSync(join(tmpdir(), 'partner-ecosystem-scale-'));
  const { signal } = new AbortController();
  let stack: Stack;
  let client: HttpsClient;
  let operator: Operator;
  let lists: ListOperation[];
  let operations: Operation[];

  beforeAll(async () => {
    // what jobs look at would be taken for what a page looks at
    const quiet = { scheduledWork: false, signal };
    stack = await startStack({ ports: await freePorts(), directory: join(directory, 'stack'), ...quiet });
    await seedRegistry({ adminUrl: stack.databaseAdminUrl, clients: CLIENTS, signal, tell: () => undefined });
    client = new HttpsClient(stack.pki.serverAuthority.certificatePem);
    const { urls, operatorClientId: clientId, pki } = stack;
    operator = new Operator(client, { urls, clientId, identity: pki.operator });
    lists = await seededLists(await pagedLists(client, urls.registryPublic), operator);
    operations = (await ApiDocument.of(client, urls.registryPublic)).operations.filter(
      ({ method }) => method === 'GET',
    );
  });
  afterAll(async () => {
    await client?.close();
    await stack?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('is one an audit would accept: the seeded events continue the chain', async () => {
    const settings = { DATABASE_URL: stack.settings['partner-registry']['DATABASE_URL']! };
    const logFile = join(directory, 'verify-audit.log');
    const output = await runCommand({ app: 'partner-registry', command: 'verify-audit', settings, logFile });
    expect((JSON.parse(output) as { events: number }).events).toBeGreaterThanOrEqual(CLIENTS);
  });

  describe('reads no big table from end to end', () => {
    const logFile = join(directory, 'stack', 'logs', 'postgres.log');
    let replica: Replica;
    let tables: string[];

    beforeAll(async () => {
      await logPlans(stack.databaseAdminUrl, appRole('partner-registry'));
      tables = await bigTables(stack.databaseAdminUrl, BIG);
      const settings = stack.settings['partner-registry'];
      replica = await startReplica({ app: 'partner-registry', settings, directory, signal });
    });
    afterAll(() => replica?.process.stop());

    const ask = (address: string) => operator.send(address, {}, replica.url);

    /** Each list bare and with each of its filters, each of those on its first page and on one far behind. */
    async function queriesOf(list: ListOperation): Promise<string[]> {
      const { parameters } = operations.find(({ path }) => path === list.path)!;
      const filters = parameters.filter(
        ({ in: where, name }) => where === 'query' && !['limit', 'cursor', 'after'].includes(name),
      );
      const { body } = await operator.call(`${list.address}?limit=1`, {}, 200);
      const [shown] = body['items'] as Record<string, unknown>[];
      const far = await queryOfPageThousand(list, operator);
      const values = filters.flatMap(({ name, schema }) =>
        (schema?.enum ?? [valueOf(name, shown!)]).map((value) => `${name}=${encodeURIComponent(String(value))}`),
      );
      return [...['', ...values].flatMap((filter) => [`${filter}&limit=10`, `${filter}&${far}`])];
    }

    function valueOf(name: string, shown: Record<string, unknown>): unknown {
      if (name === 'expires_before') return new Date(Date.now() + 100 * 86_400_000).toISOString();
      if (name === 'expires_within_days') return 100;
      if (name === 'target') return (shown['targets'] as string[])[0];
      if (name === 'actor') return 'command:seed';
      if (name === 'audience') return 'https://api-1.seed.example';
      if (name === 'partner_id') return shown[name] ?? partnerOfMany;
      return shown[name] ?? shown['id'];
    }
    let partnerOfMany: string;

    it('which would be noticed', async () => {
      const plans = await plansDuring({ logFile, adminUrl: stack.databaseAdminUrl }, async () => {
        const direct = new pg.Client({ connectionString: stack.settings['partner-registry']['DATABASE_URL'] });
        await direct.connect();
        await direct.query(`SELECT count(*) FROM registry.clients WHERE client_name LIKE '%7'`);
        await direct.end();
      });
      expect(expensiveNodes(plans, tables).join()).toContain('Seq Scan clients');
    });

    // How long page 1,000 takes against page 1 is what `npm run seed` measures.
    it('for no page of any list, with whatever filter', async () => {
      expect(lists.length).toBeGreaterThanOrEqual(10);
      expect(tables).toEqual(expect.arrayContaining(['clients', 'partners', 'certificates', 'grants', 'audit_events']));
      const { body } = await operator.call('/v1/partners?slug=seed-1', {}, 200);
      partnerOfMany = (body['items'] as { id: string }[])[0]!.id;
      const scans: string[] = [];
      let plans = 0;
      for (const list of lists) {
        for (const query of await queriesOf(list)) {
          let answer;
          const carriedOut = await plansDuring(
            { logFile, adminUrl: stack.databaseAdminUrl },
            async () => (answer = await ask(`${list.address}?${query}`)),
          );
          expect(answer, query).toMatchObject({ status: 200 });
          plans += carriedOut.length;
          scans.push(
            ...expensiveNodes(carriedOut, tables).map((scan) => `${list.path}?${query.slice(0, 60)}: ${scan}`),
          );
        }
      }
      expect(plans).toBeGreaterThan(50);
      expect([...new Set(scans)]).toEqual([]);
    });
  });
});

/** A scan of a whole big table; and what comes to the same, an index of which most is thrown away or sorted. */
function expensiveNodes(plans: readonly QueryPlan[], tables: readonly string[]): string[] {
  return plans.flatMap(({ query, nodes }) =>
    nodes
      .filter(({ name, rows }) => rows > MOST_ROWS || tables.some((table) => name === `Seq Scan ${table}`))
      .map(({ name, rows }) => `${name} looks at ${rows} rows in ${query.replace(/\s+/g, ' ').slice(0, 300)}`),
  );
}
