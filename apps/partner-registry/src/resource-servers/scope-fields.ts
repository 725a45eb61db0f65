import type { NewScope } from './resource-server.schema.js';
import type { Scope } from '../records/scope.entity.js';

/** Four eyes by default where it matters. */
export function scopeFields(request: NewScope): Pick<Scope, 'name' | 'description' | 'sensitivity' | 'needs_approval'> {
  const sensitivity = request.sensitivity ?? 'normal';
  return { ...request, sensitivity, needs_approval: request.needs_approval ?? sensitivity === 'sensitive' };
}
