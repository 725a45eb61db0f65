import { compactDecrypt, CompactEncrypt, type JWK } from 'jose';

/** A stored private key cannot be read with the key-encryption key at hand. Never a reason to make another in its place. // A28 */
export class UndecryptableKeyError extends Error {
  override readonly name = 'UndecryptableKeyError';
  readonly code = 'key_undecryptable';
}

/** Encrypts private keys at rest: JWE, `dir` with A256GCM, under 32 bytes from a file. */
export class KeyEncryptionKey {
  readonly #key: Uint8Array;

  /**
   * @param key 32 bytes
   * @param previous what stored keys may still be under, until they were re-encrypted
   */
  constructor(
    key: Uint8Array,
    readonly previous?: KeyEncryptionKey,
  ) {
    if (key.length !== 32) throw new TypeError('the key-encryption key must be 32 bytes');
    this.#key = key;
  }

  /** @param kid stands in the protected header, so that a row's ciphertext cannot be moved to another row */
  async encrypt(privateJwk: JWK, kid: string): Promise<string> {
    const plaintext = new TextEncoder().encode(JSON.stringify(privateJwk));
    return new CompactEncrypt(plaintext)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', cty: 'jwk+json', kid })
      .encrypt(this.#key);
  }

  /** @throws UndecryptableKeyError */
  async decrypt(jwe: string, kid: string): Promise<JWK> {
    return (await this.open(jwe, kid)).jwk;
  }

  /**
   * The private key and which of the two key-encryption keys it was stored under.
   * @throws UndecryptableKeyError
   */
  async open(jwe: string, kid: string): Promise<{ jwk: JWK; under: KeyEncryptionKey }> {
    try {
      return { jwk: await this.decryptAlone(jwe, kid), under: this };
    } catch (cause) {
      if (this.previous) return this.previous.open(jwe, kid);
      const message =
        `the stored key ${kid} cannot be decrypted: start with the KEY_ENCRYPTION_KEY_FILE it was stored under, ` +
        'or give that one as KEY_ENCRYPTION_KEY_PREVIOUS_FILE beside the new one';
      throw new UndecryptableKeyError(message, { cause });
    }
  }

  private async decryptAlone(jwe: string, kid: string): Promise<JWK> {
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, this.#key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    if (protectedHeader.kid !== kid) throw new Error('the ciphertext belongs to another key');
    return JSON.parse(new TextDecoder().decode(plaintext)) as JWK;
  }
}
