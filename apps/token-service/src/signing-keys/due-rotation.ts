import { KEY_PURPOSES, type KeyPurpose } from '../records/key-purpose.js';
import { nextRotationStep, type RotatingKey, type RotationStep } from './next-rotation-step.js';
import type { SigningKeyPolicy } from './signing-key-policy.js';

/** A step, and the keys it is about: those of one purpose, which know nothing of the others. */
export interface DueRotation {
  readonly purpose: KeyPurpose;
  readonly step: RotationStep;
}

/** What is to be done next to the keys of any purpose, if anything. @param keys every stored key // A28 */
export function dueRotation(
  keys: readonly (RotatingKey & { readonly purpose: KeyPurpose })[],
  now: Date,
  policy: SigningKeyPolicy,
): DueRotation | undefined {
  for (const purpose of KEY_PURPOSES) {
    const own = keys.filter((key) => key.purpose === purpose);
    const step = nextRotationStep(own, now, policy.of(purpose));
    if (step) return { purpose, step };
  }
  return undefined;
}
