import { Inject, Injectable } from '@nestjs/common';
import type { BoundToken } from '@partner-ecosystem/mtls-binding';
import type { Logger } from '@partner-ecosystem/platform/logging';
import { AuthenticateCaller, type Caller } from '../clients/authentication/authenticate-caller.js';
import { IssuedTokens } from '../issued-tokens/issued-tokens.js';
import { whyRevoked } from '../issued-tokens/why-revoked.js';
import { LOGGER } from '../process/logger.js';
import { tokenOfAnotherClient } from '../oauth-error/oauth-error.js';
import { RevocationFeed } from '../revocation-feed/revocation-feed.js';
import type { RevocationRequest } from './revocation-request.js';
import { TokenRevocations } from './token-revocations.repository.js';

/** The use case behind `POST /revoke`: authenticate, look whose the token is, verify, record. */
@Injectable()
export class RevokeToken {
  constructor(
    private readonly caller: AuthenticateCaller,
    private readonly tokens: IssuedTokens,
    private readonly feed: RevocationFeed,
    private readonly revocations: TokenRevocations,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Nothing to revoke is a success (RFC 7009 section 2.2). // A31
   * @throws OAuthError when the client is not authenticated, the token another's, or nothing can be recorded
   */
  async revoke(request: RevocationRequest, caller: Caller): Promise<void> {
    const client = await this.caller.identify(request, caller);
    const claimed = this.tokens.claimed(request.token);
    // By the token's own word alone, so that the answer does not say whether it was ever issued. // A25
    if (claimed && claimed.clientId !== client.clientId) throw tokenOfAnotherClient(claimed.clientId);
    this.feed.assertCurrent();
    const token = claimed && (await this.tokens.verify(request.token, claimed, caller.now));
    if (token === undefined || typeof token === 'string') return;
    if (whyRevoked(this.feed.state, token, caller.now)) return;
    await this.record(token, caller);
  }

  private async record(token: BoundToken, { attempt }: Caller): Promise<void> {
    const seq = await this.revocations.record(token);
    const { clientId: client_id, partnerId: partner_id, jti } = token;
    this.logger.info(
      { request_id: attempt.requestId, client_id, partner_id, jti, revocation_seq: seq },
      'token revoked',
    );
    // The caller may look at once: what it is told here is not older than what it was told there.
    await this.feed.reached(seq);
  }
}
