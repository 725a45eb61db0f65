import { parseCertificate, type Certificate } from '@partner-ecosystem/x509';
import type { EntityManager } from 'typeorm';

/** Far above what there is between anchors; intermediates come from uploads. */
const MOST_OF_EACH = 1_000;

const ANCHORS = `
SELECT a.pem FROM registry.trust_anchors a WHERE a.status = 'active' ORDER BY a.id LIMIT ${MOST_OF_EACH}`;

const INTERMEDIATES = `
SELECT DISTINCT i.der FROM registry.client_trust_anchors l
  JOIN registry.certificates t ON t.client_id = l.client_id AND t.status IN ('pending', 'active'),
  jsonb_array_elements_text(t.chain) AS i(der)
 WHERE l.trust_anchor_id = ANY ($1::uuid[]) ORDER BY i.der LIMIT ${MOST_OF_EACH}`;

/** Every authority that may stand between these anchors: other anchors, and what their clients have registered. */
export async function knownAuthorities(database: EntityManager, anchorIds: readonly string[]): Promise<Certificate[]> {
  const anchors = await database.query<{ pem: string }[]>(ANCHORS);
  const intermediates = await database.query<{ der: string }[]>(INTERMEDIATES, [anchorIds]);
  return [
    ...anchors.map(({ pem }) => parseCertificate(pem)),
    ...intermediates.map(({ der }) => parseCertificate(Buffer.from(der, 'base64'))),
  ];
}
