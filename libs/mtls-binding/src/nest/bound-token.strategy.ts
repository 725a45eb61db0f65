import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { Strategy } from 'passport-custom';
import type { VerifiedToken } from '../protocol/bound-token.js';
import { Admission } from './admission.js';
import { presentationFor } from './request.js';

/** The passport strategy behind `BoundTokenGuard`, for tokens that were not seen before. */
@Injectable()
export class BoundTokenStrategy extends PassportStrategy(Strategy) {
  constructor(private readonly admission: Admission) {
    super();
  }

  // PassportStrategy registers each strategy by name in one process-wide object, where a second guarded app would
  // replace the first one's. A throwaway registry here, and the guard hands passport the strategy itself.
  getPassportInstance(): passport.Authenticator {
    return new passport.Passport();
  }

  /** @throws RefusedError */
  async validate(request: object): Promise<VerifiedToken> {
    return this.admission.admitUnseen(presentationFor(request));
  }
}
