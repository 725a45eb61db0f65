import { Injectable } from '@nestjs/common';
import { RefusedError, type BoundToken, type RefusalCheck } from '@partner-ecosystem/mtls-binding';
import { verifyBoundToken } from '@partner-ecosystem/mtls-binding/protocol';
import { IssuerIdentity } from '../process/issuer-identity.js';
import { temporarilyUnavailable } from '../oauth-error/oauth-error.js';
import { SigningKeys } from '../signing-keys/signing-keys.js';
import { claimedToken, type ClaimedToken } from './claimed-token.js';

/** The access tokens this service issued, known again by their signature: none of them is stored. */
@Injectable()
export class IssuedTokens {
  constructor(
    private readonly keys: SigningKeys,
    private readonly identity: IssuerIdentity,
  ) {}

  /** What a token says about itself; undefined for what does not pass itself off as one of ours. Never believe it. */
  claimed(token: string): ClaimedToken | undefined {
    return claimedToken(token, this.identity.issuer);
  }

  /**
   * @param claimed what the token says about itself: it is for any audience, so it is held to its own
   * @returns the token, or the check that it does not pass
   * @throws OAuthError `temporarily_unavailable` when a key that it may be signed with cannot be had
   *
   * Does not check: whether it was revoked, or its client, certificate or grant is off.
   */
  async verify(token: string, { audience }: ClaimedToken, now: Date): Promise<BoundToken | RefusalCheck> {
    const rules = { issuer: this.identity.issuer, audience, keys: this.keys.verificationKey };
    try {
      return await verifyBoundToken(token, rules, now);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      if (error.code === 'unavailable') throw temporarilyUnavailable(error.check, error.message, { cause: error });
      return error.check;
    }
  }
}
