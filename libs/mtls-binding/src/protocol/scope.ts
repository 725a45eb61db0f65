import type { VerifiedToken } from './bound-token.js';
import { RefusedError } from './errors.js';

/**
 * Every named scope must have been granted. // R7
 * @throws RefusedError `insufficient_scope`, naming what the route needs
 */
export function assertScopes(token: Pick<VerifiedToken, 'scopes' | 'clientId'>, required: readonly string[]): void {
  const missing = required.filter((scope) => !token.scopes.includes(scope));
  if (missing.length > 0) {
    throw new RefusedError('insufficient_scope', 'scope_missing', `${token.clientId} lacks ${missing.join(' ')}`, {
      requiredScopes: required,
    });
  }
}
