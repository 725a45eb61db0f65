import type { SigningAlgorithm } from '../records/signing-algorithm.js';
import type { SigningKey } from '../records/signing-key.entity.js';
import type { SigningKeyPolicy } from './signing-key-policy.js';

export type RotationStep =
  /** The very first keys: nobody caches a key set yet, so one of each pair signs at once. */
  | { readonly kind: 'found'; readonly algorithms: readonly SigningAlgorithm[] }
  | { readonly kind: 'stand-by'; readonly alg: SigningAlgorithm }
  /** The standby becomes the current key; the one before, if there was one, retires. */
  | { readonly kind: 'promote'; readonly kid: string; readonly alg: SigningAlgorithm; readonly retire?: string }
  /** An algorithm that is no longer configured. */
  | { readonly kind: 'retire'; readonly kid: string }
  | { readonly kind: 'delete'; readonly kid: string };

export type RotatingKey = Pick<SigningKey, 'kid' | 'alg' | 'status' | 'createdAt' | 'activatedAt' | 'retiredAt'>;

/**
 * What is to be done to the keys next, if anything; asked again after each step until nothing is left. // A28
 * @param keys every stored key, in any order
 * @param now the database's clock, which also dated the keys
 */
export function nextRotationStep(
  keys: readonly RotatingKey[],
  now: Date,
  policy: SigningKeyPolicy,
): RotationStep | undefined {
  const { algorithms } = policy;
  if (keys.length === 0) return { kind: 'found', algorithms };
  for (const alg of algorithms) {
    const step = stepOf(ringOf(keys, alg), alg, now, policy);
    if (step) return step;
  }
  return stepWithoutSuccessor(keys, now, policy) ?? deletionOf(keys, now, policy);
}

/** The promotion of an algorithm's standby, if it has one that was published for `atLeastMs`. */
export function promotionOf(
  keys: readonly RotatingKey[],
  alg: SigningAlgorithm,
  now: Date,
  atLeastMs: number,
): Extract<RotationStep, { kind: 'promote' }> | undefined {
  const { current, standby } = ringOf(keys, alg);
  if (!standby || ageOf(standby.createdAt, now) < atLeastMs) return undefined;
  return { kind: 'promote', kid: standby.kid, alg, ...(current ? { retire: current.kid } : {}) };
}

interface Ring {
  readonly keys: readonly RotatingKey[];
  readonly current: RotatingKey | undefined;
  readonly standby: RotatingKey | undefined;
}

// At most one of each by a unique index.
function ringOf(keys: readonly RotatingKey[], alg: SigningAlgorithm): Ring {
  const own = keys.filter((key) => key.alg === alg);
  return {
    keys: own,
    current: own.find(({ status }) => status === 'current'),
    standby: own.find(({ status }) => status === 'next'),
  };
}

function stepOf(
  { keys, current, standby }: Ring,
  alg: SigningAlgorithm,
  now: Date,
  policy: SigningKeyPolicy,
): RotationStep | undefined {
  if (!standby) return { kind: 'stand-by', alg };
  if (!current) return promotionOf(keys, alg, now, policy.settleMs);
  if (!isDue(current, now, policy)) return undefined;
  return promotionOf(keys, alg, now, policy.publishBeforeUseMs);
}

// Not at once: while a new configuration is rolled out, replicas with the old one still ask for these keys.
function stepWithoutSuccessor(
  keys: readonly RotatingKey[],
  now: Date,
  policy: SigningKeyPolicy,
): RotationStep | undefined {
  const dropped = keys.filter(({ alg }) => !policy.algorithms.includes(alg));
  const current = dropped.find((key) => key.status === 'current' && isDue(key, now, policy));
  if (current) return { kind: 'retire', kid: current.kid };
  const standby = dropped.find(
    ({ status, alg, createdAt }) =>
      status === 'next' && !ringOf(dropped, alg).current && ageOf(createdAt, now) >= policy.rotationMs,
  );
  return standby && { kind: 'delete', kid: standby.kid };
}

function deletionOf(keys: readonly RotatingKey[], now: Date, policy: SigningKeyPolicy): RotationStep | undefined {
  const spent = keys.find(
    ({ status, retiredAt }) => status === 'retired' && ageOf(retiredAt, now) >= policy.keepRetiredMs,
  );
  return spent && { kind: 'delete', kid: spent.kid };
}

function isDue(current: RotatingKey, now: Date, policy: SigningKeyPolicy): boolean {
  return ageOf(current.activatedAt, now) >= policy.rotationMs;
}

function ageOf(since: Date | null, now: Date): number {
  return since === null ? 0 : now.getTime() - since.getTime();
}
