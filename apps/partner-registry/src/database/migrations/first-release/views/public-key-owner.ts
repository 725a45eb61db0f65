// The published contract for the token service: src/published/registered-client.spec.ts pins it.

export const PUBLIC_KEY_OWNER = `
CREATE VIEW registry.public_key_owner AS
SELECT
  k.spki_sha256,
  'ptn_' || replace(k.partner_id::text, '-', '') AS partner_id,
  (k.compromised_at IS NOT NULL) AS compromised
FROM registry.public_keys k;`;
