import pg from 'pg';

/** One way in which a running Postgres cannot do what an app needs. */
export interface DatabaseTrouble {
  readonly name: string;
  /** begins it; ends with what the returned function does */
  readonly begin: () => Promise<() => Promise<void>>;
}

export interface TroubledDatabase {
  /** of the superuser */
  readonly adminUrl: string;
  /** the login that the app runs as */
  readonly role: string;
  /** whose tables are troubled */
  readonly schema: string;
}

/** SQLSTATEs that cannot be had on demand: Postgres raises them itself at every write. */
const RAISED: readonly (readonly [name: string, code: string])[] = [
  ['the disk is full (53100)', '53100'],
  ['no memory is left (53200)', '53200'],
  ['the disk fails (58030)', '58030'],
  ['a statement takes too long (57014)', '57014'],
  ['a lock is not to be had (55P03)', '55P03'],
  ['two transactions wait for each other (40P01)', '40P01'],
];

/** Everything short of stopping the server, which a spec does itself as the last thing. */
export function databaseTroubles(database: TroubledDatabase): DatabaseTrouble[] {
  const { role } = database;
  const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`;
  const toggled = (name: string, on: string, off: string): DatabaseTrouble => ({
    name,
    begin: async () => {
      await run(database, on, cut);
      return () => run(database, off, cut);
    },
  });
  return [
    toggled(
      'no connection is left (53300)',
      `ALTER ROLE ${role} CONNECTION LIMIT 0`,
      `ALTER ROLE ${role} CONNECTION LIMIT -1`,
    ),
    toggled('the login is refused (28000)', `ALTER ROLE ${role} NOLOGIN`, `ALTER ROLE ${role} LOGIN`),
    toggled(
      'it is read-only (25006)',
      `ALTER ROLE ${role} SET default_transaction_read_only = on`,
      `ALTER ROLE ${role} RESET default_transaction_read_only`,
    ),
    { name: 'connections are ended again and again (57P01)', begin: () => keepCutting(database, cut) },
    { name: 'every table is locked (lock_timeout)', begin: () => lockTables(database) },
    ...RAISED.map(([name, code]) => ({ name, begin: () => raiseAtEveryWrite(database, code) })),
  ];
}

async function keepCutting(database: TroubledDatabase, cut: string): Promise<() => Promise<void>> {
  const client = await connected(database);
  let ended = false;
  const cutting = (async () => {
    while (!ended) await client.query(cut);
  })();
  return async () => {
    ended = true;
    await cutting;
    await client.end();
  };
}

async function lockTables(database: TroubledDatabase): Promise<() => Promise<void>> {
  const client = await connected(database);
  await client.query('BEGIN');
  await client.query(`LOCK TABLE ${(await tablesOf(client, database)).join(', ')} IN ACCESS EXCLUSIVE MODE`);
  return async () => {
    await client.query('ROLLBACK');
    await client.end();
  };
}

async function raiseAtEveryWrite(database: TroubledDatabase, code: string): Promise<() => Promise<void>> {
  const client = await connected(database);
  await client.query(`CREATE FUNCTION public.trouble() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'raised by a spec' USING ERRCODE = '${code}'; END $$`);
  for (const table of await tablesOf(client, database)) {
    await client.query(`CREATE TRIGGER trouble BEFORE INSERT OR UPDATE OR DELETE ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION public.trouble()`);
  }
  return async () => {
    await client.query('DROP FUNCTION public.trouble() CASCADE');
    await client.end();
  };
}

async function tablesOf(client: pg.Client, { schema }: TroubledDatabase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c
      WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition`,
    [schema],
  );
  return rows.map(({ name }) => name);
}

async function run(database: TroubledDatabase, ...statements: string[]): Promise<void> {
  const client = await connected(database);
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

async function connected({ adminUrl }: TroubledDatabase): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: adminUrl });
  client.on('error', () => undefined); // unheard, it would end the process when the server stops
  await client.connect();
  return client;
}
