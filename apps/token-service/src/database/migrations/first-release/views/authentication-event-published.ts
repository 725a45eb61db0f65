// The published contract for the partner registry: src/authentication-events/published.spec.ts pins it.

export const AUTHENTICATION_EVENT_PUBLISHED = `
CREATE VIEW token.authentication_event_published AS
SELECT occurred_at, request_id, outcome, error, failed_check, client_id, partner_id, method, authenticated, thumbprint,
  address, audience, scope, jti, expires_at
FROM token.authentication_event;
GRANT SELECT ON token.authentication_event_published TO partner_registry_app;`;
