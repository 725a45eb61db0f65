import type { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import type { SigningKeysRepository } from './signing-keys.repository.js';

export interface ReEncrypted {
  /** Kids that were stored under the previous key-encryption key. */
  readonly changed: readonly string[];
  /** How many were under the new one already. */
  readonly kept: number;
}

/**
 * Puts every stored private part under the new key-encryption key, all or none. // A28
 * @param encryption the new one, with the one before as `previous`
 * @throws UndecryptableKeyError when one opens under neither; then nothing was changed
 */
export function reEncryptSigningKeys(
  repository: SigningKeysRepository,
  encryption: KeyEncryptionKey,
): Promise<ReEncrypted> {
  return repository.inNextTurn(async (turn) => {
    const changed: string[] = [];
    let kept = 0;
    for (const { kid, privateJwe } of await turn.keys()) {
      if (privateJwe === null) continue; // destroyed
      const { jwk, under } = await encryption.open(privateJwe, kid);
      if (under === encryption) kept += 1;
      else changed.push(await turn.storePrivatePart(kid, await encryption.encrypt(jwk, kid)).then(() => kid));
    }
    return { changed, kept };
  });
}
