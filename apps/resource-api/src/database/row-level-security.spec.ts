import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dataSourceOptions } from './data-source.js';
import { databaseRoles } from './database-roles.js';
import { startDatabase, type TestDatabase } from './database.testing.js';

const ACME = '019ab3c4-0000-7000-8000-00000000000a';
const GLOBEX = '019ab3c4-0000-7000-8000-00000000000b';
const INSUFFICIENT_PRIVILEGE = expect.objectContaining({ code: '42501' });

let database: TestDatabase;
/** one connection as the role the API runs as */
let app: Client;
let admin: Client;

beforeAll(async () => {
  database = await startDatabase();
  app = await connected(database.runtimeUrl);
  admin = await connected(database.adminUrl);
});

afterAll(async () => {
  await app?.end();
  await admin?.end();
  await database?.stop();
});

beforeEach(async () => {
  await admin.query('TRUNCATE resource.shipments');
  await asPartner(app, ACME, () => book(app, ACME, 'A-1'));
  await asPartner(app, GLOBEX, () => book(app, GLOBEX, 'G-1'));
});

describe('without a partner', () => {
  it('a fresh connection of the runtime role sees no row', async () => {
    const fresh = await connected(database.runtimeUrl);
    const { rows } = await fresh.query(`SELECT current_setting('app.partner_id', true) AS partner`);
    expect(rows).toEqual([{ partner: null }]);
    expect(await references(fresh)).toEqual([]);
    await fresh.end();
  });

  it('a connection that served a partner before sees no row', async () => {
    const { rows } = await app.query(`SELECT current_setting('app.partner_id', true) AS partner`);
    expect(rows).toEqual([{ partner: '' }]);
    expect(await references(app)).toEqual([]);
  });

  it('nothing can be inserted', async () => {
    await expect(book(app, ACME, 'A-2')).rejects.toThrow(INSUFFICIENT_PRIVILEGE);
    const fresh = await connected(database.runtimeUrl);
    await expect(book(fresh, ACME, 'A-2')).rejects.toThrow(INSUFFICIENT_PRIVILEGE);
    await fresh.end();
  });

  it('the owner of the table sees no row and inserts none either', async () => {
    await admin.query(`SET ROLE ${databaseRoles.ownerRole}`);
    try {
      expect(await references(admin)).toEqual([]);
      await expect(book(admin, ACME, 'A-2')).rejects.toThrow(INSUFFICIENT_PRIVILEGE);
    } finally {
      await admin.query('RESET ROLE');
    }
  });
});

describe('as one partner', () => {
  it('only its own rows are seen, whatever is asked for', async () => {
    expect(await asPartner(app, ACME, () => references(app))).toEqual(['A-1']);
    const query = `SELECT reference FROM resource.shipments WHERE partner_id = '${GLOBEX}' OR true`;
    expect(await asPartner(app, ACME, async () => (await app.query(query)).rows)).toEqual([{ reference: 'A-1' }]);
  });

  it('no row can be inserted for another partner', async () => {
    await expect(asPartner(app, ACME, () => book(app, GLOBEX, 'G-2'))).rejects.toThrow(INSUFFICIENT_PRIVILEGE);
  });

  it('no row can be changed or removed by the runtime role', async () => {
    const update = `UPDATE resource.shipments SET status = 'delivered'`;
    await expect(asPartner(app, ACME, () => app.query(update))).rejects.toThrow(INSUFFICIENT_PRIVILEGE);
    const remove = `DELETE FROM resource.shipments`;
    await expect(asPartner(app, ACME, () => app.query(remove))).rejects.toThrow(INSUFFICIENT_PRIVILEGE);
  });

  it('two partners may use one reference, and one partner only once', async () => {
    await asPartner(app, GLOBEX, () => book(app, GLOBEX, 'A-1'));
    await expect(asPartner(app, ACME, () => book(app, ACME, 'A-1'))).rejects.toThrow(
      expect.objectContaining({ constraint: 'shipments_reference_once' }),
    );
  });
});

describe('the table', () => {
  it.each([
    ['shipments_reference_length', { reference: '' }],
    ['shipments_reference_length', { reference: 'x'.repeat(65) }],
    ['shipments_origin_locode', { origin: 'Rotterdam' }],
    ['shipments_destination_locode', { destination: 'sgsin' }],
    ['shipments_status_known', { status: 'lost' }],
    ['shipments_weight_positive', { weight_kg: 0 }],
  ])('refuses what breaks %s: %j', async (constraint, change) => {
    const row = { partner_id: ACME, reference: 'A-2', origin: 'NLRTM', destination: 'SGSIN', ...SOUND, ...change };
    await expect(asPartner(app, ACME, () => insert(app, row))).rejects.toThrow(expect.objectContaining({ constraint }));
  });

  it('has the columns that the entity says', async () => {
    const dataSource = await new DataSource(dataSourceOptions(database.adminUrl)).initialize();
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    await dataSource.destroy();
    // Checks and indexes are the migrations' alone; the entity does not repeat them.
    const differences = upQueries.map(({ query }) => query).filter((query) => !/DROP (CONSTRAINT|INDEX)/.test(query));
    expect(differences).toEqual([]);
  });

  it('finds a page of a partner by its index, without sorting', async () => {
    const plan = await asPartner(app, ACME, async () => {
      await app.query('SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off');
      const newest = `SELECT * FROM resource.shipments WHERE id < '${GLOBEX}' ORDER BY id DESC LIMIT 51`;
      return (await app.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${newest}`)).rows.map((row) => row['QUERY PLAN']);
    });
    expect(plan.join('\n')).toMatch(/Index Scan .*using shipments_newest[^]*Index Cond: .*partner_id = [^]*id < /);
    expect(plan.join('\n')).not.toMatch(/Sort/);
  });
});

const SOUND = { status: 'booked', weight_kg: 1, created_by: 'cli_1' };

async function connected(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  return client;
}

async function asPartner<T>(client: Client, partnerId: string, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  try {
    await client.query(`SELECT set_config('app.partner_id', $1, true)`, [partnerId]);
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

function book(client: Client, partnerId: string, reference: string) {
  return insert(client, { partner_id: partnerId, reference, origin: 'NLRTM', destination: 'SGSIN', ...SOUND });
}

async function insert(client: Client, row: Record<string, unknown>): Promise<void> {
  const places = Object.keys(row).map((_, index) => `$${index + 1}`);
  const text = `INSERT INTO resource.shipments (${Object.keys(row).join()}) VALUES (${places.join()})`;
  await client.query(text, Object.values(row));
}

async function references(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ reference: string }>('SELECT reference FROM resource.shipments ORDER BY id');
  return rows.map(({ reference }) => reference);
}
