import type { AuthenticatedClient } from '../clients/authentication/authenticate-client.js';
import type { RegisteredGrant } from '../records/registered-client.entity.js';
import { OAuthError } from '../oauth-error/oauth-error.js';
import { invalidTarget, type TokenRequest } from './token-request.js';

/** What one token will allow: one audience, some scopes, for a while. */
export interface GrantDecision {
  readonly audience: string;
  readonly scopes: readonly string[];
  /** Whole seconds; at least 1. */
  readonly lifetime: number;
  /** As the resource server was registered with. // A19 */
  readonly signingAlg: string;
}

/**
 * Least privilege: a scope belongs to one audience and may end. // A8, A23, A27
 * @throws OAuthError `invalid_target` or `invalid_scope` when more is asked than was granted
 */
export function decideGrant(
  { client, certificateUsableUntil }: AuthenticatedClient,
  request: TokenRequest,
  now: Date,
): GrantDecision {
  const live = client.grants.filter(
    ({ valid_until }) => valid_until === null || secondsUntil(new Date(valid_until), now) >= 1,
  );
  const audience = request.resource ?? client.defaultResource ?? onlyAudienceOf(live);
  const granted = live.filter((grant) => grant.audience === audience);
  const [first] = granted;
  if (!first) throw invalidTarget('audience_not_granted', 'The client has no grant for this resource.');
  const chosen = choose(granted, request.scopes);
  const lifetime = lifetimeOf(client.accessTokenTtl, [certificateUsableUntil, ...endsOf(chosen)], now);
  return { audience, scopes: chosen.map(({ scope }) => scope), lifetime, signingAlg: first.signing_alg };
}

function onlyAudienceOf(grants: readonly RegisteredGrant[]): string {
  const audiences = new Set(grants.map(({ audience }) => audience));
  const [only] = audiences;
  if (only === undefined) throw invalidTarget('nothing_granted', 'The client has no grants.');
  if (audiences.size > 1)
    throw invalidTarget('audience_ambiguous', 'Name the resource: the client has grants for several.');
  return only;
}

function choose(
  granted: readonly RegisteredGrant[],
  scopes: readonly string[] | undefined,
): readonly RegisteredGrant[] {
  if (scopes === undefined) return granted;
  return scopes.map((scope) => {
    const grant = granted.find((candidate) => candidate.scope === scope);
    if (grant) return grant;
    throw new OAuthError('invalid_scope', 'scope_not_granted', `the scope ${scope} was not granted`, {
      description: 'A requested scope was not granted to this client for this resource.',
    });
  });
}

function endsOf(grants: readonly RegisteredGrant[]): Date[] {
  return grants.flatMap(({ valid_until }) => (valid_until === null ? [] : [new Date(valid_until)]));
}

// A27: never past the certificate's end or the grant's, whichever comes first. Both have at least a second left here.
function lifetimeOf(ttl: number, ends: readonly Date[], now: Date): number {
  return Math.min(ttl, ...ends.map((end) => secondsUntil(end, now)));
}

function secondsUntil(end: Date, now: Date): number {
  return Math.floor((end.getTime() - now.getTime()) / 1000);
}
