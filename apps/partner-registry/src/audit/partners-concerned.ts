import type { EntityManager } from 'typeorm';
import { showIdentifier, uuidOf } from '../identifiers/identifier.js';
import type { AuditEntry } from '../mutations/words/mutation-context.js';

const OWNERS = `
SELECT c.client_id AS target, c.partner_id FROM registry.clients c WHERE c.client_id = ANY ($1)
UNION ALL
SELECT a.id::text, a.partner_id FROM registry.trust_anchors a WHERE a.id = ANY ($2::uuid[]) AND a.partner_id IS NOT NULL`;

/** Each event with the partners of the clients and trust anchors it names: who asks for a partner gets all that concerned it. */
export async function withPartnersConcerned(
  database: EntityManager,
  entries: readonly AuditEntry[],
): Promise<AuditEntry[]> {
  const named = [...new Set(entries.flatMap(({ targets }) => targets))];
  const clients = named.filter((target) => uuidOf('cli', target) !== undefined);
  const anchors = named.flatMap((target) => uuidOf('anc', target) ?? []);
  if (clients.length + anchors.length === 0) return [...entries];
  const rows = await database.query<{ target: string; partner_id: string }[]>(OWNERS, [clients, anchors]);
  const owners = new Map(rows.map(({ target, partner_id }) => [target, showIdentifier('ptn', partner_id)]));
  return entries.map((entry) => {
    const partners = entry.targets.flatMap(
      (target) => owners.get(target) ?? owners.get(uuidOf('anc', target) ?? '') ?? [],
    );
    return { ...entry, targets: [...new Set([...entry.targets, ...partners])] };
  });
}
