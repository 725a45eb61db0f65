import { Injectable } from '@nestjs/common';
import { SignJWT, type JWTPayload } from 'jose';
import { SigningKeys } from './signing-keys.js';

@Injectable()
export class AccessTokenSigner {
  constructor(private readonly keys: SigningKeys) {}

  /** @returns a compact JWT of type `at+jwt`, signed with the current key // A19, A22 */
  async sign(claims: JWTPayload): Promise<string> {
    const { kid, alg, privateKey } = this.keys.current;
    return new SignJWT(claims).setProtectedHeader({ alg, typ: 'at+jwt', kid }).sign(privateKey);
  }
}
