import { RegistryError } from '../problems/registry-error.js';
import type { RegistryScope } from './registry-scopes.js';

/** Who asks: the part of a verified access token that the operator rules look at. */
export interface Actor {
  readonly scopes: readonly string[];
  /** this registry's own audience: the guard lets no other token in */
  readonly audience: string;
}

const OPERATOR_SCOPE: RegistryScope = 'registry:operators:write';

/**
 * Whoever can touch an operator's client can become that operator (a certificate of one's own on it is enough), so the
 * platform's partner and its clients, and every other client with a grant for the registry, need the scope of operators
 * besides the route's own.
 * @throws RegistryError `operator_scope_required`
 */
export function assertMayChangeOperators(actor: Actor): void {
  assertOperatorScope(actor, 'The platform’s own partner, and clients that may use the registry,');
}

/**
 * A grant for the registry's own audience makes an operator of its client.
 * @throws RegistryError `operator_scope_required`
 */
export function assertMayGrant(actor: Actor, audience: string): void {
  if (audience === actor.audience) assertOperatorScope(actor, 'Grants for the registry itself');
}

function assertOperatorScope(actor: Actor, what: string): void {
  if (actor.scopes.includes(OPERATOR_SCOPE)) return;
  throw new RegistryError('operator_scope_required', { detail: `${what} can only be changed with ${OPERATOR_SCOPE}.` });
}
