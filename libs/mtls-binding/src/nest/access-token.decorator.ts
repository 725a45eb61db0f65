import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { VerifiedToken } from '../protocol/bound-token.js';
import { accessTokenOf } from './request.js';

/**
 * The verified token of the request: a `BoundToken`; in report-only mode declare a `VerifiedToken`, for it may be unbound.
 * @throws TypeError on a public route, where there is none to give
 */
export const AccessToken = createParamDecorator((_: unknown, context: ExecutionContext): VerifiedToken => {
  const token = accessTokenOf<VerifiedToken>(context.switchToHttp().getRequest<object>());
  if (!token) throw new TypeError('@AccessToken() on a route that BoundTokenGuard did not guard');
  return token;
});
