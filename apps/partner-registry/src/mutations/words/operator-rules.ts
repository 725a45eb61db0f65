import { RegistryError } from '../../problems/registry-error.js';
import type { RegistryScope } from '../../http/registry-scopes.js';

/** The part of a verified access token that the operator rules look at. */
export interface ActorRights {
  readonly scopes: readonly string[];
  /** this registry's own audience: the guard lets no other token in */
  readonly audience: string;
  /** of the token: the audience of the token service itself, which the guard believes alone */
  readonly issuer: string;
}

/** Who asks. */
export interface Actor extends ActorRights {
  /** `cli_…`, `command:<name>` or `job:<name>` */
  readonly clientId: string;
  /** of the connection: `x5t#S256`, base64url; null for a command */
  readonly certificateThumbprint: string | null;
}

export const OPERATOR_SCOPE: RegistryScope = 'registry:operators:write';

/**
 * Whoever can touch an operator's client can become that operator (a certificate of one's own on it is enough), so the
 * platform's partner and its clients, and every other client with a grant for the registry, need the scope of operators
 * besides the route's own.
 * @throws RegistryError `operator_scope_required`
 */
export function assertMayChangeOperators(actor: ActorRights): void {
  assertOperatorScope(actor, 'The platform’s own partner, and clients that may use the registry,');
}

/**
 * A grant for the registry's own audience makes an operator of its client, and nobody grants what they lack. One for the
 * token service lets its client read of everybody's revocations: that takes an operator too, who cannot hold it: a token
 * has one audience, and the registry only ever sees its own.
 * @throws RegistryError `operator_scope_required`, `scope_not_held`
 */
export function assertMayGrant(actor: ActorRights, audience: string, scopes: readonly string[]): void {
  if (audience === actor.issuer) assertOperatorScope(actor, 'Grants for the token service itself');
  if (audience !== actor.audience) return;
  assertOperatorScope(actor, 'Grants for the registry itself');
  assertHolds(actor, scopes);
}

/**
 * The registry as a resource server: its scopes are what operators are made of. The token service likewise: its scope
 * opens the revocations of everybody.
 * @throws RegistryError `operator_scope_required`
 */
export function assertMayChangeServer(actor: ActorRights, audience: string): void {
  if (audience === actor.audience) assertOperatorScope(actor, 'The registry itself, as a resource server,');
  if (audience === actor.issuer) assertOperatorScope(actor, 'The token service itself, as a resource server,');
}

/** @throws RegistryError `scope_not_held` */
export function assertHolds(actor: ActorRights, scopes: readonly string[]): void {
  const lacking = scopes.filter((scope) => !actor.scopes.includes(scope));
  if (lacking.length === 0) return;
  throw new RegistryError('scope_not_held', { detail: `Your own token lacks ${lacking.join(', ')}.` });
}

/**
 * Four eyes: who asked for something is not the one who allows it.
 * @throws RegistryError `own_request`
 */
export function assertAnother(actor: Pick<Actor, 'clientId'>, requestedBy: string | null): void {
  if (requestedBy !== null && requestedBy !== actor.clientId) return;
  throw new RegistryError('own_request', { detail: 'Another operator than the one who requested it has to decide.' });
}

function assertOperatorScope(actor: ActorRights, what: string): void {
  if (actor.scopes.includes(OPERATOR_SCOPE)) return;
  throw new RegistryError('operator_scope_required', { detail: `${what} can only be changed with ${OPERATOR_SCOPE}.` });
}
