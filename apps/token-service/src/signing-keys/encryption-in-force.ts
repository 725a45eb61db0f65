import type { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import type { SigningKey } from '../records/signing-key.entity.js';

/**
 * What new keys are stored under: the same as the present ones. While a new key-encryption key is being rolled out,
 * replicas that know only the old one must be able to open, and so to publish, a new standby; `re-encrypt-keys` ends that.
 * Opens every key, so that nothing new is made beside one that cannot be opened. // A28
 * @throws UndecryptableKeyError
 */
export async function encryptionInForce(
  keys: readonly Pick<SigningKey, 'kid' | 'privateJwe'>[],
  encryption: KeyEncryptionKey,
): Promise<KeyEncryptionKey> {
  let inForce = encryption;
  for (const { kid, privateJwe } of keys) {
    if (privateJwe === null) continue; // destroyed
    const { under } = await encryption.open(privateJwe, kid);
    if (under !== encryption) inForce = under;
  }
  return inForce;
}
