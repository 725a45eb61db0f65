import { DatabaseError } from './database-error.js';
import { quoted, type DatabaseRoles } from './database-roles.js';
import type { Query } from './least-privilege.js';
import type { Login } from './login-url.js';
import { passwordVerifier } from './password-verifier.js';

type Log = (message: string) => void;

interface ExistingRole {
  /** Any attribute that reaches beyond data: such a role is never taken for one of ours. */
  powerful: boolean;
  superuser: boolean;
  login: boolean;
  admin: boolean;
}

async function findRole(query: Query, name: string): Promise<ExistingRole | undefined> {
  const [role] = await query<ExistingRole>(
    `SELECT rolsuper AS superuser, rolcanlogin AS login, rolname = session_user AS admin,
            rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication AS powerful
       FROM pg_roles WHERE rolname = $1`,
    [name],
  );
  return role;
}

/** Migrations run as this role, so it is no more than the owner of one schema. */
export async function prepareOwnerRole(query: Query, { ownerRole }: DatabaseRoles, log: Log): Promise<void> {
  const existing = await findRole(query, ownerRole);
  if (existing?.powerful) {
    throw new DatabaseError(
      'role_unsafe',
      `The role "${ownerRole}" exists and has SUPERUSER, CREATEROLE, CREATEDB, REPLICATION or BYPASSRLS: take that from it, or rename it.`,
    );
  }
  if (!existing) {
    await query(`CREATE ROLE ${quoted(ownerRole)} NOLOGIN`);
    log(`created the role ${ownerRole}`);
  } else if (existing.login) {
    await query(`ALTER ROLE ${quoted(ownerRole)} NOLOGIN`);
  }
  const [me] = await query<{ superuser: boolean }>(
    'SELECT rolsuper AS superuser FROM pg_roles WHERE rolname = session_user',
  );
  // since PostgreSQL 16 CREATEROLE administers the roles it creates, but cannot become them by itself
  if (!me?.superuser) await query(`GRANT ${quoted(ownerRole)} TO SESSION_USER WITH INHERIT FALSE, SET TRUE`);
}

/** What this role may not be is judged at the end, when everything it got is known (`privilege_excessive`). */
export async function prepareAppRole(query: Query, app: Login, log: Log): Promise<void> {
  await prepareLogin(query, app, await findRole(query, app.user), log);
}

/** A login that may become the owner. One that can do more already (an administrator) keeps its password. */
export async function prepareMigrationLogin(query: Query, login: Login, roles: DatabaseRoles, log: Log): Promise<void> {
  const existing = await findRole(query, login.user);
  if (!existing?.powerful) await prepareLogin(query, login, existing, log);
  if (existing?.superuser || existing?.admin) return;
  await query(`GRANT ${quoted(roles.ownerRole)} TO ${quoted(login.user)} WITH INHERIT FALSE, SET TRUE`);
}

async function prepareLogin(query: Query, login: Login, existing: ExistingRole | undefined, log: Log): Promise<void> {
  const verb = existing ? 'ALTER' : 'CREATE';
  // a verifier holds base64, "$" and ":" only
  await query(`${verb} ROLE ${quoted(login.user)} LOGIN PASSWORD '${await passwordVerifier(login.password)}'`);
  log(existing ? `set the password of the role ${login.user}` : `created the role ${login.user}`);
}
