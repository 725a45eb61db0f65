import { ableNow, hasPath, inUse, vouches } from '../records/able-now.js';

/**
 * SQL: what a change surely does to the client row `c` of the partner row `p`: an `Effect`, or NULL where somebody has to
 * judge. $1 is the uuid of what is changed, `m.now` the moment. Only for counting many: what is said of one client was tried.
 */
export type CertainEffect = string;

const ABLE = ableNow('c', 'p', 'm.now');
const HAS_CERTIFICATES = `EXISTS (SELECT 1 FROM registry.certificates t
  WHERE t.client_id = c.id AND ${inUse('t', 'm.now')} AND ${hasPath('t', 'c', 'm.now')})`;

/** Its certificates stay what they are. */
export const SUSPENDED: CertainEffect = `CASE WHEN ${ABLE} THEN 'cut_off' ELSE 'none' END`;

/** Its certificates are revoked. */
export const RETIRED: CertainEffect = `
CASE WHEN ${ABLE} THEN 'cut_off' WHEN ${HAS_CERTIFICATES} THEN 'loses_certificates' ELSE 'none' END`;

// Whoever has another anchor may have a path to it, and only judging it tells.
const withoutAnchor = (perhapsNot: string): CertainEffect => `
CASE WHEN c.token_endpoint_auth_method = 'self_signed_tls_client_auth' THEN 'none'
  WHEN ${perhapsNot} THEN NULL
  WHEN EXISTS (SELECT 1 FROM registry.client_trust_anchors o JOIN registry.trust_anchors a ON a.id = o.trust_anchor_id
    WHERE o.client_id = c.id AND a.id <> $1 AND a.status = 'active') THEN NULL
  WHEN ${ABLE} THEN 'cut_off'
  WHEN ${HAS_CERTIFICATES} THEN 'loses_certificates'
  WHEN c.certificate_policy = 'identity_only'
    AND EXISTS (SELECT 1 FROM registry.trust_anchors a WHERE a.id = $1 AND ${vouches('a', 'm.now')}) THEN 'loses_certificates'
  ELSE 'none' END`;

/** The anchor vouches for nobody any more. */
export const WITHOUT_ANCHOR = withoutAnchor('false');

/** A list is required of the anchor: where there is none, it vouches for nobody; else the lists have to be read. */
export const WITHOUT_LISTS = withoutAnchor(
  'EXISTS (SELECT 1 FROM registry.crls r WHERE r.trust_anchor_id = $1 AND r.next_update > m.now)',
);

export const TO_BE_JUDGED: CertainEffect = 'NULL::text';
