import { encryptionInForce } from './encryption-in-force.js';
import type { KeyPurpose } from '../records/key-purpose.js';
import type { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import { promotionOf } from './next-rotation-step.js';
import type { RotationTurn } from './rotation-turn.js';
import type { SigningAlgorithm } from '../records/signing-algorithm.js';
import type { SigningKey } from '../records/signing-key.entity.js';
import type { SigningKeyPolicy } from './signing-key-policy.js';
import { SigningKeysError } from './signing-keys-error.js';
import type { SigningKeysRepository } from './signing-keys.repository.js';
import { takeRotationStep } from './take-rotation-step.js';

export interface RotateNow {
  /** Every algorithm that has a current key, unless one is named; of every purpose. */
  readonly algorithm?: SigningAlgorithm;
  /** Only if this is still a current key: said twice, it rotates once. */
  readonly from?: string;
  /** Use a standby that caches may not have yet. Never one that a replica may not publish yet. */
  readonly force: boolean;
}

export type Rotated = { readonly purpose: KeyPurpose; readonly alg: SigningAlgorithm } & (
  | { readonly kind: 'rotated'; readonly retired: string; readonly current: string }
  | { readonly kind: 'nothing_to_do'; readonly from: string; readonly status: string }
  | { readonly kind: 'too_early'; readonly standby?: string; readonly usableFrom?: Date }
);

/**
 * Ahead of the schedule: the standby becomes the current key and a new standby is made, in one transaction. // A28
 * @returns what came of it, per purpose and algorithm
 * @throws SigningKeysError `signing_key_unknown`, `signing_keys_busy`; UndecryptableKeyError
 */
export function rotateNow(
  repository: SigningKeysRepository,
  encryption: KeyEncryptionKey,
  policy: SigningKeyPolicy,
  request: RotateNow,
): Promise<readonly Rotated[]> {
  return repository.inNextTurn(async (turn) => {
    const keys = await turn.keys();
    const inForce = await encryptionInForce(keys, encryption);
    const outcomes: Rotated[] = [];
    for (const current of currentKeysFor(request, keys)) {
      const outcome = outcomeFor(current, keys, turn.now, { policy, force: request.force });
      if (outcome.kind === 'rotated') await take(turn, outcome, inForce);
      outcomes.push(outcome);
    }
    return outcomes;
  });
}

function currentKeysFor({ algorithm, from }: RotateNow, keys: readonly SigningKey[]): SigningKey[] {
  if (from !== undefined) {
    const named = keys.find(({ kid }) => kid === from);
    if (!named) throw new SigningKeysError('signing_key_unknown', `no signing key ${from} is stored`);
    return [named];
  }
  const current = keys.filter(({ status, alg }) => status === 'current' && alg === (algorithm ?? alg));
  if (current.length > 0) return current;
  throw new SigningKeysError('signing_key_absent', `no signing key is current${algorithm ? ` for ${algorithm}` : ''}`);
}

function outcomeFor(
  { kid, purpose, alg, status }: SigningKey,
  keys: readonly SigningKey[],
  now: Date,
  { policy, force }: { policy: SigningKeyPolicy; force: boolean },
): Rotated {
  const ring = { purpose, alg };
  if (status !== 'current') return { kind: 'nothing_to_do', ...ring, from: kid, status };
  const atLeastMs = force ? policy.settleMs : policy.publishBeforeUseMs;
  const own = keys.filter((key) => key.purpose === purpose);
  const promotion = promotionOf(own, alg, now, atLeastMs);
  if (promotion) return { kind: 'rotated', ...ring, retired: kid, current: promotion.kid };
  const standby = own.find((key) => key.alg === alg && key.status === 'next');
  if (!standby) return { kind: 'too_early', ...ring };
  const usableFrom = new Date(standby.createdAt.getTime() + atLeastMs);
  return { kind: 'too_early', ...ring, standby: standby.kid, usableFrom };
}

async function take(
  turn: RotationTurn,
  { purpose, alg, current, retired }: Extract<Rotated, { kind: 'rotated' }>,
  encryption: KeyEncryptionKey,
): Promise<void> {
  const promote = { kind: 'promote', alg, kid: current, retire: retired } as const;
  await takeRotationStep(turn, { purpose, step: promote }, encryption);
  await takeRotationStep(turn, { purpose, step: { kind: 'stand-by', alg } }, encryption);
}
