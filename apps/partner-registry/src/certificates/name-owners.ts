import type { EntityManager } from 'typeorm';
import type { ShownCertificate } from './show-certificates.js';

/** A certificate with the names of its client and its partner. */
export type OwnedCertificate = ShownCertificate & { readonly client_name: string; readonly partner_name: string };

const OWNERS = `
SELECT c.id, c.client_name, coalesce(p.display_name, p.legal_name) AS partner_name
  FROM registry.clients c JOIN registry.partners p ON p.id = c.partner_id WHERE c.id = ANY ($1::uuid[])`;

/** With one question to the database, however many there are. */
export async function nameOwners(
  database: EntityManager,
  certificates: readonly ShownCertificate[],
): Promise<OwnedCertificate[]> {
  if (certificates.length === 0) return [];
  const rows = await database.query<{ id: string; client_name: string; partner_name: string }[]>(OWNERS, [
    certificates.map(({ client_id }) => client_id),
  ]);
  const owners = new Map(rows.map(({ id, ...names }) => [id, names]));
  return certificates.map((certificate) => Object.assign(certificate, owners.get(certificate.client_id)!));
}
