import type { VerifiedToken } from './bound-token.js';
import { RefusedError } from './errors.js';

/**
 * Every named scope must have been granted. // R7
 * @throws RefusedError `insufficient_scope`, naming what the route needs
 */
export function assertScopes(token: Pick<VerifiedToken, 'scopes' | 'clientId'>, required: readonly string[]): void {
  for (const scope of required) if (!token.scopes.includes(scope)) throw missing(scope, token.clientId, required);
}

function missing(scope: string, clientId: string, requiredScopes: readonly string[]): RefusedError {
  return new RefusedError('insufficient_scope', 'scope_missing', `${clientId} lacks ${scope}`, { requiredScopes });
}
