import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSigningKey } from './create-signing-key.js';
import { encryptionInForce } from './encryption-in-force.js';
import { KeyEncryptionKey, UndecryptableKeyError } from '@partner-ecosystem/platform/key-encryption';

const newKey = () => new KeyEncryptionKey(randomBytes(32));

describe('A28: what new signing keys are stored under', () => {
  it('nothing, beside a key that cannot be opened: none is made', async () => {
    const [encryption, lost] = [newKey(), newKey()];
    const keys = [
      await createSigningKey('ES256', 'current', encryption),
      await createSigningKey('ES256', 'next', lost),
    ];
    await expect(encryptionInForce(keys, encryption)).rejects.toThrow(UndecryptableKeyError);
  });

  it('the old key-encryption key, while a key is still under it', async () => {
    const old = newKey();
    const both = new KeyEncryptionKey(randomBytes(32), old);
    expect(await encryptionInForce([await createSigningKey('ES256', 'current', old)], both)).toBe(old);
    expect(await encryptionInForce([await createSigningKey('ES256', 'current', both)], both)).toBe(both);
    expect(await encryptionInForce([], both)).toBe(both);
  });

  it('looks at every key that is not destroyed', async () => {
    const old = newKey();
    const both = new KeyEncryptionKey(randomBytes(32), old);
    const destroyed = { kid: 'destroyed', privateJwe: null };
    const renewed = await createSigningKey('ES256', 'current', both);
    const kept = await createSigningKey('ES256', 'next', old);
    expect(await encryptionInForce([destroyed, renewed], both)).toBe(both);
    expect(await encryptionInForce([destroyed, renewed, kept], both)).toBe(old);
  });
});
