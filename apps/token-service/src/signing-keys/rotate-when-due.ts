import { Injectable } from '@nestjs/common';
import { dueRotation, type DueRotation } from './due-rotation.js';
import { encryptionInForce } from './encryption-in-force.js';
import { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import type { RotationTurn } from './rotation-turn.js';
import { SigningKeyPolicy } from './signing-key-policy.js';
import { SigningKeysRepository } from './signing-keys.repository.js';
import { takeRotationStep } from './take-rotation-step.js';

/** The schedule: every step that is due, in one transaction, by one replica. // A28 */
@Injectable()
export class RotateWhenDue {
  constructor(
    private readonly repository: SigningKeysRepository,
    private readonly encryption: KeyEncryptionKey,
    private readonly policy: SigningKeyPolicy,
  ) {}

  /**
   * @returns the steps taken; undefined when another replica is at it
   * @throws UndecryptableKeyError; then nothing was changed
   */
  rotate(): Promise<readonly DueRotation[] | undefined> {
    return this.repository.inTurn((turn) => this.takeSteps(turn));
  }

  /** As `rotate`, but waits while another is at it: when it resolves, there are keys. For the boot. */
  rotateOrWait(): Promise<readonly DueRotation[]> {
    return this.repository.inNextTurn((turn) => this.takeSteps(turn));
  }

  private async takeSteps(turn: RotationTurn): Promise<DueRotation[]> {
    const inForce = await encryptionInForce(await turn.keys(), this.encryption);
    const taken: DueRotation[] = [];
    for (;;) {
      const due = dueRotation(await turn.keys(), turn.now, this.policy);
      if (!due) return taken;
      await takeRotationStep(turn, due, inForce);
      taken.push(due);
    }
  }
}
