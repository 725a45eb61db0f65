import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { Strategy } from 'passport-custom';
import { bearerTokenFrom } from '../protocol/authorization-header.js';
import { verifyBoundToken, type BoundToken } from '../protocol/bound-token.js';
import { assertBound } from '../protocol/confirmation.js';
import { MTLS_BINDING_OPTIONS, type MtlsBindingOptions } from './options.js';
import { incomingMessageOf } from './request.js';

/** The passport strategy behind `BoundTokenGuard`: header, then token, then possession. */
@Injectable()
export class BoundTokenStrategy extends PassportStrategy(Strategy) {
  constructor(@Inject(MTLS_BINDING_OPTIONS) private readonly options: MtlsBindingOptions) {
    super();
  }

  // PassportStrategy registers each strategy by name in one process-wide object, where a second guarded app would
  // replace the first one's. A throwaway registry here, and the guard hands passport the strategy itself.
  getPassportInstance(): passport.Authenticator {
    return new passport.Passport();
  }

  /** @throws RefusedError */
  async validate(request: object): Promise<BoundToken> {
    const message: IncomingMessage = incomingMessageOf(request);
    const token = await verifyBoundToken(bearerTokenFrom(message.rawHeaders), this.options, new Date());
    assertBound(token.confirmation, this.options.certificateSource.evidenceOf(message)?.thumbprint);
    return token;
  }
}
