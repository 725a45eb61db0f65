import { RegistryError } from '../problems/registry-error.js';
import type { Scope } from '../records/scope.entity.js';
import type { Grant } from '../records/grant.entity.js';

export interface GrantRequest {
  readonly validUntil: Date | null;
  /** client, as shown; null: bootstrap */
  readonly requestedBy: string | null;
}

type Requested = Pick<Grant, 'status' | 'status_reason' | 'valid_until' | 'requested_by' | 'decided_by'>;

/**
 * What becomes of a grant when it is asked for. What is in force is renewed in place; a scope that needs approval waits
 * for somebody else, and what was approved is not extended by asking again.
 * @param present the grant of this scope, whatever became of it; undefined: there never was one
 * @throws RegistryError `approval_pending`
 */
export function requestedGrant(present: Grant | undefined, scope: Scope, request: GrantRequest, now: Date): Requested {
  const { validUntil, requestedBy } = request;
  if (present && isInForce(present, now)) {
    if (scope.needs_approval && isLater(validUntil, present.valid_until)) throw extensionRefused(scope);
    const { status, status_reason, requested_by, decided_by } = present;
    return { status, status_reason, requested_by, decided_by, valid_until: validUntil };
  }
  return {
    status: scope.needs_approval ? 'requested' : 'active',
    status_reason: null,
    valid_until: validUntil,
    requested_by: requestedBy,
    decided_by: null,
  };
}

function isInForce({ status, valid_until: end }: Grant, now: Date): boolean {
  return status === 'active' && (end === null || end > now);
}

function isLater(end: Date | null, present: Date | null): boolean {
  return present !== null && (end === null || end > present);
}

function extensionRefused({ name }: Scope): RegistryError {
  return new RegistryError('approval_pending', {
    detail: `${name} needs approval: what was approved cannot be extended. Revoke it, or let it end, and request it anew.`,
  });
}
