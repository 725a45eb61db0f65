import { createSigningKey } from './create-signing-key.js';
import type { DueRotation } from './due-rotation.js';
import type { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import type { RotationStep } from './next-rotation-step.js';
import type { RotationTurn } from './rotation-turn.js';

/** @param encryption what new private parts are stored under */
export async function takeRotationStep(
  turn: RotationTurn,
  { purpose, step }: DueRotation,
  encryption: KeyEncryptionKey,
): Promise<void> {
  switch (step.kind) {
    case 'found':
      for (const alg of step.algorithms) {
        await turn.insert({ ...(await createSigningKey(alg, 'current', encryption)), purpose });
        await turn.insert({ ...(await createSigningKey(alg, 'next', encryption)), purpose });
      }
      return;
    case 'stand-by':
      return turn.insert({ ...(await createSigningKey(step.alg, 'next', encryption)), purpose });
    case 'promote':
      return promote(turn, step);
    case 'retire':
      return turn.move(step.kid, 'retired');
    case 'delete':
      return turn.move(step.kid, 'deleted');
  }
}

/** Needs no key-encryption key. */
export async function promote(
  turn: RotationTurn,
  { kid, retire }: Extract<RotationStep, { kind: 'promote' }>,
): Promise<void> {
  // In this order: the unique index allows one current key at every moment.
  if (retire !== undefined) await turn.move(retire, 'retired');
  await turn.move(kid, 'current');
}
