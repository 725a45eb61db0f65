import { runCommand } from '@partner-ecosystem/platform/command';
import { DataSource } from 'typeorm';
import { reEncryptAuthorityKeys } from '../certificate-authority/creation/re-encrypt-authority-keys.js';
import { authorityConfig } from '../configuration/config.js';
import { dataSourceOptions } from '../database/data-source.js';

runCommand({
  name: 're-encrypt-authority-keys',
  summary:
    'puts the keys of the certificate authorities under the new key-encryption key, all or none; safe to run again. First restart every replica with both files',
  variables: {
    DATABASE_URL: 'the login the registry runs with',
    AUDIENCE: 'the audience of this registry, as it is configured',
    ISSUER: 'the issuer of the token service, as it is configured',
    KEY_ENCRYPTION_KEY_FILE: 'the new one',
    KEY_ENCRYPTION_KEY_PREVIOUS_FILE: 'the one before; may be taken away from everywhere afterwards',
  },
  run: async () => {
    const { databaseUrl, encryption, identity } = authorityConfig();
    const database = await new DataSource(dataSourceOptions(databaseUrl)).initialize();
    try {
      const { changed, kept } = await reEncryptAuthorityKeys(database, encryption, identity);
      if (changed.length === 0) return `Nothing to do: all ${kept} keys are under the key-encryption key given.`;
      return [`Re-encrypted ${changed.length}, ${kept} were so already:`, ...changed.map((id) => `  ${id}`)].join('\n');
    } finally {
      await database.destroy();
    }
  },
});
