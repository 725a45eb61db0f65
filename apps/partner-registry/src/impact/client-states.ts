import type { EntityManager } from 'typeorm';
import { ableNow, hasPath, inUse, vouches } from '../records/able-now.js';
import { defaultAudience, isGranted } from '../clients/default-audience.js';
import type { CertificatePolicy } from '../records/client.entity.js';

/** What a change can take from a client. */
export interface ClientState {
  readonly id: string;
  readonly certificate_policy: CertificatePolicy;
  /** whether it could fetch a token now */
  readonly able: boolean;
  /** uuids of its registered certificates that are good now, whether or not it is active itself */
  readonly certificates: readonly string[];
  /** how many of its anchors vouch for certificates now */
  readonly usable_trust_anchors: number;
  readonly granted: boolean;
  /** of the tokens it gets when it names no resource; null: none */
  readonly default_audience: string | null;
}

const STATES = `
SELECT c.id, c.certificate_policy, ${ableNow('c', 'p', '$2::timestamptz')} AS able,
  ARRAY(SELECT t.id FROM registry.certificates t WHERE t.client_id = c.id AND ${inUse('t', '$2')} AND ${hasPath('t', 'c', '$2')}
    ORDER BY t.id) AS certificates,
  (SELECT count(*)::int FROM registry.client_trust_anchors l JOIN registry.trust_anchors a ON a.id = l.trust_anchor_id
    WHERE l.client_id = c.id AND ${vouches('a', '$2')}) AS usable_trust_anchors,
  ${isGranted('c', '$2')} AS granted,
  ${defaultAudience('c', '$2')} AS default_audience
 FROM registry.clients c JOIN registry.partners p ON p.id = c.partner_id
WHERE c.id = ANY ($1::uuid[])`;

/** By uuid, as things stand in the transaction. */
export async function clientStates(
  database: EntityManager,
  ids: readonly string[],
  now: Date,
): Promise<Map<string, ClientState>> {
  const rows = await database.query<ClientState[]>(STATES, [ids, now]);
  return new Map(rows.map((state) => [state.id, state]));
}
