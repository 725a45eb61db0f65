import type { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import type { DataSource } from 'typeorm';
import { showIdentifier } from '../../identifiers/identifier.js';
import { Mutations } from '../../mutations/mutations.js';
import { commandContext, type RegistryIdentity } from '../../operators/command-context.js';
import { CertificateAuthorityRepository } from '../../records/certificate-authority.repository.js';
import { lockAuthorities } from './create-authority.js';

export interface ReEncrypted {
  /** `cau_…` whose keys were stored under the previous key-encryption key */
  readonly changed: readonly string[];
  /** how many were under the new one already */
  readonly kept: number;
}

/**
 * Puts every authority's key under the new key-encryption key, all or none.
 * @param encryption the new one, with the one before as `previous`
 * @throws UndecryptableKeyError when one opens under neither; then nothing was changed
 */
export async function reEncryptAuthorityKeys(
  database: DataSource,
  encryption: KeyEncryptionKey,
  identity: RegistryIdentity,
): Promise<ReEncrypted> {
  const context = commandContext('re-encrypt-authority-keys', identity);
  return Mutations.on(database).run(context, async (mutation) => {
    const { transaction } = mutation;
    await lockAuthorities(transaction);
    const authorities = new CertificateAuthorityRepository();
    const all = await authorities.all(transaction);
    const changed: string[] = [];
    for (const authority of all) {
      const { jwk, under } = await encryption.open(authority.private_jwe, authority.spki_sha256);
      if (under === encryption) continue;
      authority.private_jwe = await encryption.encrypt(jwk, authority.spki_sha256);
      await authorities.save(transaction, authority);
      changed.push(showIdentifier('cau', authority.id));
    }
    mutation.audit({ action: 'certificate_authority.keys_re_encrypted', targets: changed });
    return { changed, kept: all.length - changed.length };
  });
}
