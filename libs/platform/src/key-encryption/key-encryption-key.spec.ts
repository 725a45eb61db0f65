import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KeyEncryptionKey, UndecryptableKeyError } from './key-encryption-key.js';

const secret = { kty: 'EC', crv: 'P-256', d: randomBytes(32).toString('base64url') };

describe('A28: private keys at rest', () => {
  it('are read back with the key they were stored under, and cannot be seen in the ciphertext', async () => {
    const encryption = new KeyEncryptionKey(randomBytes(32));
    const jwe = await encryption.encrypt(secret, 'kid-1');
    expect(await encryption.decrypt(jwe, 'kid-1')).toEqual(secret);
    expect(jwe).not.toContain(secret.d);
  });

  it.each([
    ['another key-encryption key', new KeyEncryptionKey(randomBytes(32)), 'kid-1'],
    ['the ciphertext of another row', undefined, 'kid-2'],
  ])('cannot be read with %s', async (_, other, kid) => {
    const encryption = new KeyEncryptionKey(randomBytes(32));
    const jwe = await encryption.encrypt(secret, 'kid-1');
    await expect((other ?? encryption).decrypt(jwe, kid)).rejects.toThrow(UndecryptableKeyError);
  });

  it('cannot be read when a byte was changed', async () => {
    const encryption = new KeyEncryptionKey(randomBytes(32));
    const parts = (await encryption.encrypt(secret, 'kid-1')).split('.');
    parts[3] = (parts[3]!.startsWith('A') ? 'B' : 'A') + parts[3]!.slice(1);
    await expect(encryption.decrypt(parts.join('.'), 'kid-1')).rejects.toThrow(UndecryptableKeyError);
  });

  it.each([0, 16, 31, 33])('takes no key of %i bytes', (length) => {
    expect(() => new KeyEncryptionKey(randomBytes(length))).toThrow(TypeError);
  });

  describe('while the key-encryption key changes', () => {
    const before = new KeyEncryptionKey(randomBytes(32));
    const after = new KeyEncryptionKey(randomBytes(32), before);

    it('are read with either, and one can tell which', async () => {
      const old = await after.open(await before.encrypt(secret, 'kid-1'), 'kid-1');
      expect(old).toEqual({ jwk: secret, under: before });
      const renewed = await after.open(await after.encrypt(secret, 'kid-1'), 'kid-1');
      expect(renewed).toEqual({ jwk: secret, under: after });
    });

    it('are written with the new one only', async () => {
      await expect(before.decrypt(await after.encrypt(secret, 'kid-1'), 'kid-1')).rejects.toThrow(
        UndecryptableKeyError,
      );
    });

    it('cannot be read with neither', async () => {
      const other = await new KeyEncryptionKey(randomBytes(32)).encrypt(secret, 'kid-1');
      await expect(after.decrypt(other, 'kid-1')).rejects.toThrow(/KEY_ENCRYPTION_KEY_PREVIOUS_FILE/);
    });
  });
});
