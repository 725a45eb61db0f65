// The published contract for the token service: src/changes/changes.spec.ts pins it.

export const REGISTERED_CLIENT_CHANGE = `
CREATE VIEW registry.registered_client_change AS
SELECT e.seq, 'cli_' || replace(c.id::text, '-', '') AS client_id
FROM registry.outbox_events e CROSS JOIN LATERAL unnest(e.client_ids) AS c(id);`;
