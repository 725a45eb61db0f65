import type { DefaultTarget } from './default-audience.js';

export const TARGET_WARNINGS = ['resource_needed', 'audience_changed', 'nothing_granted'] as const;

/** What a change is answered with that alters what a client gets which names no resource. */
export interface TargetWarning {
  readonly code: (typeof TARGET_WARNINGS)[number];
  readonly detail: string;
}

/**
 * Warns where a token request without `resource` was granted before a change and no longer gets the same. // A46
 * Never a refusal: the operator may mean it, and the client may name its resource.
 */
export function targetWarnings(before: DefaultTarget, after: DefaultTarget): TargetWarning[] {
  if (before.audience === null || before.audience === after.audience) return [];
  if (!after.granted) {
    return [{ code: 'nothing_granted', detail: 'The client has no grant in force any more: it obtains no token.' }];
  }
  if (after.audience === null) {
    const detail =
      `A token request that names no resource got a token for ${before.audience} and is now refused with invalid_target. ` +
      'Set default_resource, or have the client name its resource.';
    return [{ code: 'resource_needed', detail }];
  }
  const detail = `A token request that names no resource got a token for ${before.audience} and now gets one for ${after.audience}.`;
  return [{ code: 'audience_changed', detail }];
}
