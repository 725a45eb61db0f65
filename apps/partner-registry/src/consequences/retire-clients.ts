import { CERTIFICATE_TRANSITIONS } from '../records/certificate-status.js';
import { CLIENT_TRANSITIONS } from '../records/client-status.js';
import { GRANT_TRANSITIONS } from '../records/grant-status.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { showIdentifier } from '../identifiers/identifier.js';

/** What retiring took along, as shown identifiers. */
export interface Retired {
  readonly clients: string[];
  readonly certificates: string[];
  readonly grants: string[];
}

const CLIENTS = `
UPDATE registry.clients SET status = $5, status_reason = $2, version = version + 1, updated_at = $3
 WHERE id = ANY ($1::uuid[]) AND status = ANY ($4::text[]) RETURNING id`;

// RFC 5280 section 5.3.1: the certificate is no longer needed for the purpose for which it was issued
const CERTIFICATES = `
UPDATE registry.certificates SET status = $4, revoked_at = $2, revocation_reason = 'cessation_of_operation',
  version = version + 1, updated_at = $2
 WHERE client_id = ANY ($1::uuid[]) AND status = ANY ($3::text[]) RETURNING id`;

const GRANTS = `
UPDATE registry.grants SET status = $5, status_reason = $2, version = version + 1, updated_at = $3
 WHERE client_id = ANY ($1::uuid[]) AND status = ANY ($4::text[]) RETURNING id`;

// Whoever comes next may be known by the same name.
const IDENTITIES = `
UPDATE registry.client_trust_anchors SET identity_kind = NULL, identity_sha256 = NULL
 WHERE client_id = ANY ($1::uuid[]) AND identity_kind IS NOT NULL`;

const SERVER_LINKS = 'DELETE FROM registry.resource_server_clients WHERE client_id = ANY ($1::uuid[])';

/**
 * The end of clients that the caller has locked: their certificates are revoked and their grants taken back, at once and
 * for good, in as many statements as there are tables.
 */
export async function retireClients(
  mutation: ActiveMutation,
  ids: readonly string[],
  reason: string,
): Promise<Retired> {
  const { transaction, now } = mutation;
  const changed = async (prefix: 'cli' | 'crt' | 'grt', sql: string, values: unknown[]): Promise<string[]> => {
    // of an UPDATE, TypeORM returns the rows and their number
    const [rows] = await transaction.query<[{ id: string }[], number]>(sql, values);
    return rows.map(({ id }) => showIdentifier(prefix, id)).sort();
  };
  const { revoke: revoked } = CERTIFICATE_TRANSITIONS;
  const certificates = await changed('crt', CERTIFICATES, [ids, now, revoked.from, revoked.to]);
  const { revoke: ended } = GRANT_TRANSITIONS;
  const grants = await changed('grt', GRANTS, [ids, reason, now, ended.from, ended.to]);
  await transaction.query(IDENTITIES, [ids]);
  await transaction.query(SERVER_LINKS, [ids]);
  const { retire } = CLIENT_TRANSITIONS;
  const clients = await changed('cli', CLIENTS, [ids, reason, now, retire.from, retire.to]);
  return { clients, certificates, grants };
}
