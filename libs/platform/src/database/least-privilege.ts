import type { DataSource } from 'typeorm';
import { DatabaseError } from './database-error.js';
import type { DatabaseRoles } from './database-roles.js';
import { assertSupportedVersion } from './supported-version.js';

/** Runs one statement; the same for a pool, a query runner and a single connection. */
export type Query = <Row>(text: string, values?: unknown[]) => Promise<Row[]>;

interface RoleAttributes {
  name: string;
  super: boolean;
  createrole: boolean;
  createdb: boolean;
  bypassrls: boolean;
  replication: boolean;
}

// membership in these reaches every table or the server's files, whatever was granted by hand
const TOO_POWERFUL = [
  'pg_read_all_data',
  'pg_write_all_data',
  'pg_execute_server_program',
  'pg_read_server_files',
  'pg_write_server_files',
];

/**
 * Throws `privilege_excessive`, listing every reason, when the login may do more than work with data: superuser, CREATEROLE,
 * CREATEDB, REPLICATION or BYPASSRLS (its own or of a role it is in), owner of the database, the schema or anything in it, member
 * of the owner role, allowed to create in the schema. Judges the login (session_user), because a SET ROLE can be taken back.
 * Throws `schema_missing` before the database is prepared, and `postgres_too_old`.
 * Does not check: what was granted on single tables.
 */
export async function assertLeastPrivilege(dataSource: DataSource, roles: DatabaseRoles): Promise<void> {
  const query: Query = (text, values) => dataSource.query(text, values);
  const [session] = await query<{ login: string; version: number }>(
    "SELECT session_user AS login, current_setting('server_version_num')::int AS version",
  );
  assertSupportedVersion(session?.version ?? 0);
  const login = session?.login ?? '';
  await assertSchemaExists(query, roles);
  const faults = await privilegeFaults(query, login, roles);
  if (faults.length > 0) throw privilegeExcessive(login, faults, roles);
}

export function privilegeExcessive(login: string, faults: string[], roles: DatabaseRoles): DatabaseError {
  return new DatabaseError(
    'privilege_excessive',
    `The database login "${login}" may do more than the application needs: it ${faults.join(', it ')}. ` +
      `Log in as "${roles.appRole}", the role that preparing the database creates, and take from it what it was given beyond that.`,
  );
}

export async function assertSchemaExists(query: Query, { schema }: DatabaseRoles): Promise<void> {
  const found = await query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  if (found.length > 0) return;
  throw new DatabaseError('schema_missing', `The database has no schema "${schema}": prepare the database first.`);
}

/** Every reason why this login has more than least privilege, as ends of a sentence that begins with "it". */
export async function privilegeFaults(query: Query, login: string, roles: DatabaseRoles): Promise<string[]> {
  const memberships = await query<RoleAttributes>(
    `SELECT rolname AS name, rolsuper AS super, rolcreaterole AS createrole, rolcreatedb AS createdb,
            rolbypassrls AS bypassrls, rolreplication AS replication
       FROM pg_roles WHERE pg_has_role($1::name, oid, 'MEMBER') ORDER BY rolname <> $1, rolname`,
    [login],
  );
  // a superuser is a member of every role and owns everything: one reason says it all
  if (memberships.some(({ name, super: isSuper }) => name === login && isSuper)) return ['is a superuser'];
  return [
    ...memberships.flatMap((role) => attributeFaults(role, login, roles)),
    ...(await ownershipFaults(query, login, roles)),
  ];
}

function attributeFaults(role: RoleAttributes, login: string, { ownerRole }: DatabaseRoles): string[] {
  const via = role.name === login ? '' : `is a member of "${role.name}", which `;
  const attributes = [
    role.super && 'is a superuser',
    role.createrole && 'has CREATEROLE',
    role.createdb && 'has CREATEDB',
    role.bypassrls && 'has BYPASSRLS',
    role.replication && 'has REPLICATION',
    role.name === ownerRole && (via ? 'owns the schema' : 'is the owner role'),
    TOO_POWERFUL.includes(role.name) && 'reaches everything',
  ];
  return attributes.filter((fault) => typeof fault === 'string').map((fault) => via + fault);
}

async function ownershipFaults(query: Query, login: string, { schema }: DatabaseRoles): Promise<string[]> {
  const rows = await query<{ fault: string }>(
    `SELECT 'owns the database ' || quote_ident(datname) AS fault FROM pg_database
      WHERE datname = current_database() AND pg_has_role($1::name, datdba, 'MEMBER')
     UNION ALL
     SELECT 'may create schemas in the database' WHERE has_database_privilege($1::name, current_database(), 'CREATE')
     UNION ALL
     SELECT 'owns the schema ' || quote_ident(nspname) FROM pg_namespace
      WHERE nspname = $2 AND pg_has_role($1::name, nspowner, 'MEMBER')
     UNION ALL
     SELECT 'may create in the schema ' || quote_ident(nspname) FROM pg_namespace
      WHERE nspname = $2 AND has_schema_privilege($1::name, oid, 'CREATE')
     UNION ALL
     SELECT 'owns ' || c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND pg_has_role($1::name, c.relowner, 'MEMBER')
     UNION ALL
     SELECT 'owns ' || p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = $2 AND pg_has_role($1::name, p.proowner, 'MEMBER')`,
    [login, schema],
  );
  return rows.map(({ fault }) => fault);
}
