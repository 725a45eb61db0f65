// The published contract for the token service: src/published/registered-client.spec.ts pins it.

/** The CRLs named in `registered_client.trust_anchors[].crls`, by the SHA-256 of their DER. */
export const PUBLISHED_CRL = `
CREATE VIEW registry.published_crl AS
SELECT DISTINCT ON (sha256) sha256, der FROM registry.crls WHERE sha256 IS NOT NULL;`;
