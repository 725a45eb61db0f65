import { Inject, Injectable } from '@nestjs/common';
import type { BoundToken, RefusalCheck } from '@partner-ecosystem/mtls-binding';
import type { Logger } from '@partner-ecosystem/platform/logging';
import { AuthenticateCaller, type Caller } from '../clients/authentication/authenticate-caller.js';
import type { RegisteredClient } from '../records/registered-client.entity.js';
import { RegisteredClients } from '../clients/registered-clients/registered-clients.js';
import { IssuedTokens } from '../issued-tokens/issued-tokens.js';
import { whyRevoked } from '../issued-tokens/why-revoked.js';
import { LOGGER } from '../process/logger.js';
import { RevocationFeed } from '../revocation-feed/revocation-feed.js';
import type { IntrospectionRequest } from './introspection-request.js';
import { activeResponse, INACTIVE, type IntrospectionResponse } from './introspection-response.js';
import { maySee } from './may-see.js';
import { whyInactive, type InactiveReason } from './why-inactive.js';

type Verdict = BoundToken | RefusalCheck | InactiveReason | 'token_not_ours' | 'token_not_for_caller';

/** The use case behind `POST /introspect`: authenticate, look whether the caller may know, verify, hold against what is off. */
@Injectable()
export class IntrospectToken {
  constructor(
    private readonly caller: AuthenticateCaller,
    private readonly clients: RegisteredClients,
    private readonly tokens: IssuedTokens,
    private readonly feed: RevocationFeed,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws OAuthError when the client is not authenticated, or `temporarily_unavailable` when nothing can be known */
  async introspect(request: IntrospectionRequest, caller: Caller): Promise<IntrospectionResponse> {
    const client = await this.caller.identify(request, caller);
    this.feed.assertCurrent();
    const verdict = await this.judge(request.token, client, caller.now);
    if (typeof verdict !== 'string') return activeResponse(verdict);
    // The private face: the caller never learns why. // A25
    this.logger.info(
      { request_id: caller.attempt.requestId, client_id: client.clientId, check: verdict },
      'token inactive',
    );
    return INACTIVE;
  }

  private async judge(jwt: string, caller: RegisteredClient, now: Date): Promise<Verdict> {
    const claimed = this.tokens.claimed(jwt);
    if (!claimed) return 'token_not_ours';
    // Before anything is verified or looked up: whether another's token exists must not even show in the time. // A25
    if (!maySee(caller, claimed)) return 'token_not_for_caller';
    const token = await this.tokens.verify(jwt, claimed, now);
    if (typeof token === 'string') return token;
    const own = token.clientId === caller.clientId;
    const holder = own ? caller : await this.clients.findByClientId(token.clientId);
    return whyInactive(token, holder, now) ?? whyRevoked(this.feed.state, token, now) ?? token;
  }
}
