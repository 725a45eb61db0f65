import type { KeyPurpose } from '../records/key-purpose.js';
import { promotionOf } from './next-rotation-step.js';
import type { SigningAlgorithm } from '../records/signing-algorithm.js';
import type { SigningKeyStatus } from '../records/signing-key.entity.js';
import type { SigningKeyPolicy } from './signing-key-policy.js';
import { SigningKeysError } from './signing-keys-error.js';
import type { SigningKeysRepository } from './signing-keys.repository.js';
import { promote } from './take-rotation-step.js';

export interface Distrusted {
  readonly purpose: KeyPurpose;
  readonly alg: SigningAlgorithm;
  /** The number under which the revocation feed says so to the APIs. */
  readonly seq: number;
  /** What it was; `distrusted` when there was nothing left to do. */
  readonly was: SigningKeyStatus;
  /** The standby that took over, when the key was the current one. */
  readonly successor?: string;
}

/**
 * At once: the key leaves the key set, never signs again, and its private part is destroyed. If it was the current one
 * its standby takes over in the same transaction; a standby too young to be published everywhere takes over as soon as
 * it is, and until then nothing is signed with this algorithm. The feed tells the APIs, in the same transaction. // A29
 * Needs no key-encryption key: this must work when everything else is in doubt. The replicas make the new standby.
 * @throws SigningKeysError `signing_key_unknown`, `signing_keys_busy`
 */
export function distrustSigningKey(
  repository: SigningKeysRepository,
  policy: SigningKeyPolicy,
  kid: string,
): Promise<Distrusted> {
  return repository.inNextTurn(async (turn) => {
    const keys = await turn.keys();
    const key = keys.find((candidate) => candidate.kid === kid);
    if (!key) throw new SigningKeysError('signing_key_unknown', `no signing key ${kid} is stored`);
    const { purpose, alg, status: was } = key;
    if (was !== 'distrusted') await turn.move(kid, 'distrusted');
    // Said again when asked again: an entry of the feed does not live for ever.
    const distrusted = { purpose, alg, was, seq: await turn.recordDistrust(kid) };
    if (was !== 'current') return distrusted;
    const others = keys.filter((candidate) => candidate !== key && candidate.purpose === purpose);
    const promotion = promotionOf(others, alg, turn.now, policy.settleMs);
    if (!promotion) return distrusted;
    await promote(turn, promotion);
    return { ...distrusted, successor: promotion.kid };
  });
}
