// The published contract for the partner registry: src/authentication-events/published.spec.ts pins it.

export const CERTIFICATE_USE = `
CREATE VIEW token.certificate_use AS
SELECT thumbprint, first_seen_at, last_seen_at FROM token.certificate_seen;
GRANT SELECT ON token.certificate_use TO partner_registry_app;`;
