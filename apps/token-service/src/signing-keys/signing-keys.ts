import { Injectable } from '@nestjs/common';
import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import { KEY_PURPOSES, type KeyPurpose } from '../records/key-purpose.js';
import { keySetOf, type KeySet } from './key-set.js';
import { openSigningKey, type OpenedKey } from './open-signing-key.js';
import type { SigningAlgorithm } from '../records/signing-algorithm.js';
import type { SigningKey } from '../records/signing-key.entity.js';
import { SigningKeyPolicy } from './signing-key-policy.js';
import { SigningKeysError } from './signing-keys-error.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

/** The keys this replica signs with and publishes: as last read, and only for as long as that may be believed. */
@Injectable()
export class SigningKeys {
  #opened: ReadonlyMap<string, OpenedKey> = new Map();
  #sets: Readonly<Record<KeyPurpose, KeySet>> = setsOf([], this.#opened);
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
      this.#opened = await this.open(keys);
      this.#sets = setsOf(keys, this.#opened);
      this.#readAt = began; // what happened while they were read may have been missed
      this.#failure = undefined;
      return { keys, now };
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  /** @throws SigningKeysError */
  currentFor(alg: SigningAlgorithm, purpose: KeyPurpose = 'access_token'): OpenedKey {
    const key = this.believed(purpose).current.get(alg);
    if (key) return key;
    throw new SigningKeysError('signing_key_absent', `no signing key of purpose ${purpose} is current for ${alg}`);
  }

  /**
   * Public parts only. // A20
   * @throws SigningKeysError
   */
  publishedFor(purpose: KeyPurpose): JSONWebKeySet {
    return this.believed(purpose).published;
  }

  /** For this app's own guard: verification without a detour over HTTP. Rejects with SigningKeysError. */
  readonly verificationKey: JWTVerifyGetKey = async (header, token) =>
    this.believed('access_token').verify(header, token);

  /** As last read, however long ago; for what only watches. */
  get lastRead(): readonly SigningKey[] {
    return KEY_PURPOSES.flatMap((purpose) => this.#sets[purpose].keys);
  }

  /**
   * For readiness.
   * @throws SigningKeysError
   */
  assertUsable(): void {
    for (const purpose of KEY_PURPOSES) {
      if (this.believed(purpose).current.size > 0) continue;
      throw new SigningKeysError('signing_key_absent', `no signing key of purpose ${purpose} is current`);
    }
  }

  // Fails closed: a key may have been distrusted since.
  private believed(purpose: KeyPurpose): KeySet {
    const ageMs = performance.now() - this.#readAt;
    if (ageMs <= this.policy.staleAfterMs) return this.#sets[purpose];
    const message = `the signing keys were last read ${Math.round(ageMs / 1_000)} s ago`;
    throw new SigningKeysError('signing_keys_stale', message, { cause: this.#failure });
  }

  // A kid is the thumbprint of its key: what was opened once needs no second look.
  private async open(keys: readonly SigningKey[]): Promise<Map<string, OpenedKey>> {
    const opened = keys.map((key) => this.#opened.get(key.kid) ?? openSigningKey(key, this.encryption));
    return new Map((await Promise.all(opened)).map((key) => [key.kid, key]));
  }
}

function setsOf(keys: readonly SigningKey[], opened: ReadonlyMap<string, OpenedKey>): Record<KeyPurpose, KeySet> {
  const setOf = (purpose: KeyPurpose) =>
    keySetOf(
      keys.filter((key) => key.purpose === purpose),
      opened,
    );
  return { access_token: setOf('access_token'), revocation_feed: setOf('revocation_feed') };
}
