import { Injectable, type OnModuleInit } from '@nestjs/common';
import { createLocalJWKSet, importJWK, type CryptoKey, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { createSigningKey, DEFAULT_ALGORITHM } from './create-signing-key.js';
import { KeyEncryptionKey } from './key-encryption-key.js';
import type { SigningKey } from './signing-key.entity.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

interface CurrentKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
}

/** The keys this replica signs with and publishes. Loaded once, before the first request is accepted. */
@Injectable()
export class SigningKeys implements OnModuleInit {
  #current: CurrentKey | undefined;
  #published: JSONWebKeySet = { keys: [] };
  #verify: JWTVerifyGetKey = createLocalJWKSet(this.#published);

  constructor(
    private readonly repository: SigningKeysRepository,
    private readonly encryption: KeyEncryptionKey,
  ) {}

  async onModuleInit(): Promise<void> {
    const keys = await this.load();
    // Every stored key must open, not only the current one: a wrong key-encryption key is found here, not at a rotation.
    const opened = await Promise.all(keys.map((key) => this.open(key)));
    this.#current = opened.find((_, at) => keys[at]!.status === 'current');
    this.#published = { keys: keys.map(({ publicJwk }) => publicJwk) };
    this.#verify = createLocalJWKSet(this.#published);
  }

  /** @throws Error when no key was loaded: nothing is ever signed with a makeshift */
  get current(): CurrentKey {
    if (!this.#current) throw new Error('no current signing key is loaded');
    return this.#current;
  }

  /** Public parts only. // A20 */
  get published(): JSONWebKeySet {
    return this.#published;
  }

  /** For this app's own guard: verification without a detour over HTTP. */
  readonly verificationKey: JWTVerifyGetKey = (header, token) => this.#verify(header, token);

  private async load(): Promise<SigningKey[]> {
    const stored = await this.repository.findPublished();
    if (stored.some(({ status, alg }) => status === 'current' && alg === DEFAULT_ALGORITHM)) return stored;
    if (stored.length > 0) throw new Error(`signing keys are stored, but none is current for ${DEFAULT_ALGORITHM}`);
    await this.repository.insertCurrentUnlessThereIsOne(await createSigningKey(this.encryption));
    return this.repository.findPublished();
  }

  private async open(key: SigningKey): Promise<CurrentKey> {
    const jwk = await this.encryption.decrypt(key.privateJwe, key.kid);
    const privateKey = await importJWK(jwk, key.alg);
    if (privateKey instanceof Uint8Array) throw new TypeError(`the signing key ${key.kid} is symmetric`);
    return { kid: key.kid, alg: key.alg, privateKey };
  }
}
