import { Injectable } from '@nestjs/common';
import { SignJWT } from 'jose';
import { IssuerIdentity } from '../process/issuer-identity.js';
import { SigningKeyPolicy } from '../signing-keys/signing-key-policy.js';
import { SigningKeys } from '../signing-keys/signing-keys.js';
import { introspectionAlgorithm } from './introspection-algorithm.js';
import type { IntrospectionResponse } from './introspection-response.js';

/** RFC 9701 section 5: of this type, so that no answer passes for an access token, nor one for the other. */
const TYPE = 'token-introspection+jwt';

/** Signs answers with the keys of access tokens, for callers that have to prove to others what they were told. */
@Injectable()
export class IntrospectionSigner {
  constructor(
    private readonly keys: SigningKeys,
    private readonly policy: SigningKeyPolicy,
    private readonly identity: IssuerIdentity,
  ) {}

  /**
   * @param audience the `client_id` of the caller: the answer is for nobody else. Without `sub` and `exp`, as RFC 9701
   *   section 5 has it, so that it never passes for an access token
   * @returns a compact JWT
   * @throws SigningKeysError
   */
  async sign(response: IntrospectionResponse, audience: string, now: Date): Promise<string> {
    const { alg, kid, privateKey } = this.keys.currentFor(introspectionAlgorithm(this.policy.algorithms));
    const iat = Math.floor(now.getTime() / 1000);
    const claims = { iss: this.identity.issuer, aud: audience, iat, token_introspection: response };
    return new SignJWT(claims).setProtectedHeader({ alg, typ: TYPE, kid }).sign(privateKey);
  }
}
