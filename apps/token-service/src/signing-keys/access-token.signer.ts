import { Injectable } from '@nestjs/common';
import { SignJWT, type JWTPayload } from 'jose';
import { DEFAULT_ALGORITHM, isSigningAlgorithm } from './signing-algorithm.js';
import { SigningKeys } from './signing-keys.js';

@Injectable()
export class AccessTokenSigner {
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
    const { kid, privateKey } = this.keys.currentFor(alg);
    return new SignJWT(claims).setProtectedHeader({ alg, typ: 'at+jwt', kid }).sign(privateKey);
  }
}
