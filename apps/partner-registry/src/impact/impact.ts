import type { ClientFacts } from './client-facts.js';
import type { ClientState } from './client-states.js';

/**
 * `cut_off`: it could fetch tokens and cannot any more. `loses_certificates`: it has fewer certificates that are good, or
 * fewer anchors to have them from; a client that is not active included. `loses_default_audience`: a token request without
 * `resource` was granted and is refused, or gets another audience. `none`: none of these.
 */
export const EFFECTS = ['cut_off', 'loses_certificates', 'loses_default_audience', 'none'] as const;

export type Effect = (typeof EFFECTS)[number];

/** What becomes of the tokens that a client has: all are refused, those bound to what it loses are, or none is. */
export const TOKEN_FATES = ['refused', 'refused_if_bound_to_lost', 'kept'] as const;

export type TokenFate = (typeof TOKEN_FATES)[number];

/** What a change would do to one client. */
export interface ClientImpact extends ClientFacts {
  readonly effect: Effect;
  readonly lost_certificates: number;
  readonly usable_certificates: number;
  readonly usable_trust_anchors: number;
  /** of a token for which no resource is named, before and after; null: there is none */
  readonly default_audience: string | null;
  readonly default_audience_afterwards: string | null;
  readonly tokens: TokenFate;
}

/** How many clients a change would do what to. */
export interface ImpactTotals {
  readonly clients: number;
  readonly cut_off: number;
  readonly cut_off_used_last_7_days: number;
  readonly loses_certificates: number;
  readonly loses_default_audience: number;
  readonly none: number;
  /** too many to be judged at once: their pages tell */
  readonly undecided: number;
}

export function effectBetween(before: ClientState, after: ClientState): Effect {
  if (before.able && (!after.able || (before.granted && !after.granted))) return 'cut_off';
  const fewer = lostCertificates(before, after) > 0;
  const fewerAnchors =
    before.certificate_policy === 'identity_only' && after.usable_trust_anchors < before.usable_trust_anchors;
  if (fewer || fewerAnchors) return 'loses_certificates';
  return before.able && losesDefaultAudience(before, after) ? 'loses_default_audience' : 'none';
}

function losesDefaultAudience({ default_audience: before }: ClientState, after: ClientState): boolean {
  return before !== null && before !== after.default_audience;
}

/** Of those that were good before. */
export function lostCertificates(before: ClientState, after: ClientState): number {
  return before.certificates.filter((id) => !after.certificates.includes(id)).length;
}
