import { Injectable } from '@nestjs/common';
import type { JWTPayload } from 'jose';
import { base64url, compactJws } from './compact-jws.js';
import type { OpenedKey } from './open-signing-key.js';
import { DEFAULT_ALGORITHM, isSigningAlgorithm } from '../records/signing-algorithm.js';
import { SigningKeys } from './signing-keys.js';

@Injectable()
export class AccessTokenSigner {
  readonly #headers = new WeakMap<OpenedKey, string>();

  constructor(private readonly keys: SigningKeys) {}

  /**
   * @param alg as the registry publishes it for the resource server // A19
   * @returns a compact JWT of type `at+jwt`, signed with the current key of the algorithm // A22
   * @throws SigningKeysError; TypeError for another algorithm
   */
  async sign(claims: JWTPayload, alg: string = DEFAULT_ALGORITHM): Promise<string> {
    if (!isSigningAlgorithm(alg)) {
      throw new TypeError(`${JSON.stringify(alg)} is no algorithm that access tokens are signed with`);
    }
    const key = this.keys.currentFor(alg);
    return compactJws(this.headerOf(key), claims, key);
  }

  // The same for every token of a key.
  private headerOf(key: OpenedKey): string {
    const known = this.#headers.get(key);
    if (known !== undefined) return known;
    const header = base64url({ alg: key.alg, typ: 'at+jwt', kid: key.kid });
    this.#headers.set(key, header);
    return header;
  }
}
