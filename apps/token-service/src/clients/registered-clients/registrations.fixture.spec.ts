import { randomUUID } from 'node:crypto';
import { parseCertificate } from '@partner-ecosystem/x509';
import type pg from 'pg';

export const AUDIENCE = 'https://api.test';
export const SCOPE = 'things:read';

export interface Registration {
  readonly id: string;
  readonly clientId: string;
  readonly partnerId: string;
}

/** Rows of the registry's tables, written as superuser: the view over them is the registry's own. */
export async function register(admin: pg.Client, certificatePem?: string, id = randomUUID()): Promise<Registration> {
  const partner = await one(
    admin,
    `INSERT INTO registry.partners (slug, legal_name, status) VALUES ('p-' || $1, 'Partner', 'active') RETURNING id`,
    [id.slice(0, 13)],
  );
  await admin.query(
    `INSERT INTO registry.clients (id, partner_id, client_name, environment, status, tls_client_auth_subject_dn)
     VALUES ($1, $2, 'Client', 'production', 'active', 'CN=client')`,
    [id, partner],
  );
  if (certificatePem !== undefined) await addCertificate(admin, id, partner, certificatePem);
  await grant(admin, id);
  return { id, clientId: `cli_${plain(id)}`, partnerId: `ptn_${plain(partner)}` };
}

async function addCertificate(admin: pg.Client, client: string, partner: string, pem: string): Promise<void> {
  const { sha256, tbsSha256, spkiSha256, serial, subject, issuer, notBefore, notAfter } = parseCertificate(pem);
  await admin.query('INSERT INTO registry.public_keys (spki_sha256, partner_id) VALUES ($1, $2)', [
    spkiSha256,
    partner,
  ]);
  await admin.query(
    `INSERT INTO registry.certificates (client_id, partner_id, source, status, pem, sha256, spki_sha256, serial,
       subject_dn, issuer_dn, subject_alternative_names, key, not_before, not_after, checks, tbs_sha256)
     VALUES ($1, $2, 'uploaded', 'active', $3, $4, $5, $6, $7, $8, '[]', '{}', $9, $10, '[]', $11)`,
    [client, partner, pem, sha256, spkiSha256, serial, subject.text, issuer.text, notBefore, notAfter, tbsSha256],
  );
}

async function grant(admin: pg.Client, client: string): Promise<void> {
  const server = await one(
    admin,
    `INSERT INTO registry.resource_servers (audience, name, environment) VALUES ($1, 'API', 'production')
     ON CONFLICT (audience) DO UPDATE SET name = excluded.name RETURNING id`,
    [AUDIENCE],
  );
  const scope = await one(
    admin,
    `INSERT INTO registry.scopes (resource_server_id, name, description) VALUES ($1, $2, 'Things.')
     ON CONFLICT (resource_server_id, name) DO UPDATE SET description = excluded.description RETURNING id`,
    [server, SCOPE],
  );
  await admin.query(
    `INSERT INTO registry.grants (client_id, resource_server_id, scope_id, environment) VALUES ($1, $2, $3, 'production')`,
    [client, server, scope],
  );
}

/** Changes rows and says so in the same transaction, the number taken last, as the registry does. */
export async function change(
  admin: pg.Client,
  clients: readonly Pick<Registration, 'id'>[],
  sql: string | undefined,
  { hint = true } = {},
): Promise<void> {
  await admin.query('BEGIN');
  if (sql !== undefined) await admin.query(sql);
  await admin.query(
    `WITH counter AS (UPDATE registry.outbox_counter SET last_seq = last_seq + 1 RETURNING last_seq),
       stored AS (INSERT INTO registry.outbox_events (seq, type, data, client_ids)
         SELECT last_seq, 'client.changed', '{}', $1::uuid[] FROM counter RETURNING seq)
     SELECT ${hint ? `pg_notify('registry_changes', seq::text)` : '1'} FROM stored`,
    [clients.map(({ id }) => id)],
  );
  await admin.query('COMMIT');
}

export const suspend = ({ id }: Pick<Registration, 'id'>) =>
  `UPDATE registry.clients SET status = 'suspended' WHERE id = '${id}'`;

const plain = (uuid: string) => uuid.replaceAll('-', '');

async function one(admin: pg.Client, sql: string, values: unknown[]): Promise<string> {
  const { rows } = await admin.query<{ id: string }>(sql, values);
  return rows[0]!.id;
}
