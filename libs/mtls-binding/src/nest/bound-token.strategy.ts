import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { Strategy } from 'passport-custom';
import type { VerifiedToken } from '../protocol/bound-token.js';
import { Admission } from './admission.js';
import { admissionRequestOf } from './request.js';

/** What passport writes on the strategy object of one request. */
interface Outcome {
  success(token: VerifiedToken): void;
  fail(): void;
  error(reason: unknown): void;
}

/** The passport strategy behind `BoundTokenGuard`, for tokens that were not seen before. */
@Injectable()
export class BoundTokenStrategy extends PassportStrategy(Strategy) {
  constructor(private readonly admission: Admission) {
    super();
  }

  // PassportStrategy registers each strategy by name in one process-wide object, where a second guarded app would
  // replace the first one's. A throwaway registry here: the guard runs the strategy itself.
  getPassportInstance(): passport.Authenticator {
    return new passport.Passport();
  }

  /**
   * The strategy for one request, run as passport's own middleware does, without what that prepares besides: log-ins,
   * sessions, redirects and messages took as long as a quarter of the signature check.
   * @throws RefusedError
   */
  run(request: object): Promise<VerifiedToken> {
    return new Promise((resolve, reject) => {
      // Each request gets an object of its own, as from passport; shared, two requests would swap their answers.
      const own = Object.create(this) as this & Outcome;
      own.success = resolve;
      own.fail = () => reject(new Error('the bound token strategy gave no token'));
      own.error = reject;
      own.authenticate(request as never);
    });
  }

  /** @throws RefusedError */
  async validate(request: object): Promise<VerifiedToken> {
    return this.admission.admitUnseen(admissionRequestOf(request));
  }
}
