import { Injectable } from '@nestjs/common';
import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import { KeyEncryptionKey } from './key-encryption-key.js';
import { keySetOf, type KeySet } from './key-set.js';
import { openSigningKey, type OpenedKey } from './open-signing-key.js';
import type { SigningAlgorithm } from './signing-algorithm.js';
import type { SigningKey } from './signing-key.entity.js';
import { SigningKeyPolicy } from './signing-key-policy.js';
import { SigningKeysError } from './signing-keys-error.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

/** The keys this replica signs with and publishes: as last read, and only for as long as that may be believed. */
@Injectable()
export class SigningKeys {
  #set: KeySet = keySetOf([], new Map());
  #readAt = Number.NEGATIVE_INFINITY;
  #failure: unknown;

  constructor(
    private readonly repository: SigningKeysRepository,
    private readonly encryption: KeyEncryptionKey,
    private readonly policy: SigningKeyPolicy,
  ) {}

  /**
   * Reads the keys anew. One that cannot be opened fails it all, and what was read before grows stale.
   * @returns the live keys with the database's clock
   * @throws UndecryptableKeyError, or what the database says
   */
  async reload(): Promise<{ keys: readonly SigningKey[]; now: Date }> {
    const began = performance.now();
    try {
      const now = await this.repository.now();
      const keys = await this.repository.findLive();
      this.#set = keySetOf(keys, await this.open(keys));
      this.#readAt = began; // what happened while they were read may have been missed
      this.#failure = undefined;
      return { keys, now };
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  /** @throws SigningKeysError */
  currentFor(alg: SigningAlgorithm): OpenedKey {
    const key = this.believed.current.get(alg);
    if (key) return key;
    throw new SigningKeysError('signing_key_absent', `no signing key is current for ${alg}`);
  }

  /**
   * Public parts only. // A20
   * @throws SigningKeysError
   */
  get published(): JSONWebKeySet {
    return this.believed.published;
  }

  /** For this app's own guard: verification without a detour over HTTP. Rejects with SigningKeysError. */
  readonly verificationKey: JWTVerifyGetKey = async (header, token) => this.believed.verify(header, token);

  /** As last read, however long ago; for what only watches. */
  get lastRead(): readonly SigningKey[] {
    return this.#set.keys;
  }

  /**
   * For readiness.
   * @throws SigningKeysError
   */
  assertUsable(): void {
    if (this.believed.current.size === 0) throw new SigningKeysError('signing_key_absent', 'no signing key is current');
  }

  // Fails closed: a key may have been distrusted since.
  private get believed(): KeySet {
    const ageMs = performance.now() - this.#readAt;
    if (ageMs <= this.policy.staleAfterMs) return this.#set;
    const message = `the signing keys were last read ${Math.round(ageMs / 1_000)} s ago`;
    throw new SigningKeysError('signing_keys_stale', message, { cause: this.#failure });
  }

  // A kid is the thumbprint of its key: what was opened once needs no second look.
  private async open(keys: readonly SigningKey[]): Promise<Map<string, OpenedKey>> {
    const known = this.#set.opened;
    const opened = keys.map((key) => known.get(key.kid) ?? openSigningKey(key, this.encryption));
    return new Map((await Promise.all(opened)).map((key) => [key.kid, key]));
  }
}
