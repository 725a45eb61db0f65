// The published contract for the partner registry; whoever reads it adds up what several replicas counted.

export const REFUSED_ATTEMPTS_PUBLISHED = `
CREATE VIEW token.refused_attempts_published AS
SELECT day, replica, endpoint, error, failed_check, nullif(client_id, '') AS client_id, address_range, attempts,
  first_at, last_at, request_ids
FROM token.refused_attempts;
GRANT SELECT ON token.refused_attempts_published TO partner_registry_app;`;
