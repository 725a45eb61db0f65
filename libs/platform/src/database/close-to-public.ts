import { DatabaseError } from './database-error.js';
import { quoted, type DatabaseRoles } from './database-roles.js';
import type { Query } from './least-privilege.js';

/**
 * PUBLIC may not connect, make temporary tables or use the schema public; the given logins may connect. PostgreSQL only warns when a
 * REVOKE had no effect, so the result is looked at: `admin_insufficient`.
 */
export async function closeToPublic(query: Query, { schema }: DatabaseRoles, logins: string[]): Promise<void> {
  const [current] = await query<{ name: string }>('SELECT current_database() AS name');
  const database = quoted(current?.name ?? '');
  await query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  if ((await query(`SELECT 1 FROM pg_namespace WHERE nspname = 'public'`)).length > 0) {
    await query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
  }
  for (const login of logins) await query(`GRANT CONNECT ON DATABASE ${database} TO ${quoted(login)}`);
  const open = await query<{ what: string }>(
    `SELECT 'PUBLIC still has ' || p || ' on the database' AS what FROM unnest(ARRAY['CONNECT', 'TEMPORARY', 'CREATE']) p
      WHERE has_database_privilege('public', current_database(), p)
     UNION ALL
     SELECT 'PUBLIC still has ' || p || ' on the schema ' || nspname FROM pg_namespace, unnest(ARRAY['USAGE', 'CREATE']) p
      WHERE nspname IN ('public', $1) AND has_schema_privilege('public', oid, p)
     UNION ALL
     SELECT login || ' still may not connect' FROM unnest($2::text[]) login
      WHERE NOT has_database_privilege(login::name, current_database(), 'CONNECT')`,
    [schema, logins],
  );
  if (open.length === 0) return;
  throw new DatabaseError(
    'admin_insufficient',
    `The login in the admin URL may not close the database to PUBLIC (${open.map(({ what }) => what).join(', ')}): ` +
      'use a superuser or the owner of the database.',
  );
}
