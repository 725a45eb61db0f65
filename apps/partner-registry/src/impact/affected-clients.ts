/** Whom a change could concern: SQL that selects the `id` of clients, $1 being the uuid of what is to be changed. */
export const AFFECTED = {
  ofAnchor: `
    SELECT l.client_id AS id FROM registry.client_trust_anchors l JOIN registry.clients c ON c.id = l.client_id
     WHERE l.trust_anchor_id = $1 AND c.status <> 'retired'`,
  ofPartner: `SELECT c.id FROM registry.clients c WHERE c.partner_id = $1 AND c.status <> 'retired'`,
  itself: 'SELECT c.id FROM registry.clients c WHERE c.id = $1',
  ofCertificate: 'SELECT t.client_id AS id FROM registry.certificates t WHERE t.id = $1',
  ofGrant: 'SELECT g.client_id AS id FROM registry.grants g WHERE g.id = $1',
  ofKey: `
    SELECT DISTINCT o.client_id AS id FROM registry.certificates t
      JOIN registry.certificates o ON o.spki_sha256 = t.spki_sha256
     WHERE t.id = $1 AND (o.id = t.id OR o.status IN ('pending', 'active', 'superseded'))`,
} as const;
