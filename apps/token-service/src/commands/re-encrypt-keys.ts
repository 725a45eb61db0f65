import { runCommand } from '@partner-ecosystem/platform/command';
import { keyOpeningCommandConfig } from '../configuration/config.js';
import { reEncryptSigningKeys } from '../signing-keys/re-encrypt-signing-keys.js';
import { withSigningKeys } from '../signing-keys/with-signing-keys.js';

runCommand({
  name: 're-encrypt-keys',
  summary:
    'puts every stored signing key under the new key-encryption key, all or none; safe to run again. First restart every replica with both files',
  variables: {
    DATABASE_URL: 'the login the service runs with',
    KEY_ENCRYPTION_KEY_FILE: 'the new one',
    KEY_ENCRYPTION_KEY_PREVIOUS_FILE: 'the one before; may be taken away from everywhere afterwards',
  },
  run: async () => {
    const { databaseUrl, keyEncryptionKey } = keyOpeningCommandConfig();
    const { changed, kept } = await withSigningKeys(databaseUrl, (keys) =>
      reEncryptSigningKeys(keys, keyEncryptionKey),
    );
    if (changed.length === 0) return `Nothing to do: all ${kept} keys are under the key-encryption key given.`;
    return [`Re-encrypted ${changed.length}, ${kept} were so already:`, ...changed.map((kid) => `  ${kid}`)].join('\n');
  },
});
