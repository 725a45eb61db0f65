import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { BoundToken } from '../protocol/bound-token.js';
import { accessTokenOf } from './request.js';

/**
 * The verified token of the request, as a `BoundToken`.
 * @throws TypeError on a public route, where there is none to give
 */
export const AccessToken = createParamDecorator((_: unknown, context: ExecutionContext): BoundToken => {
  const token = accessTokenOf(context.switchToHttp().getRequest<object>());
  if (!token) throw new TypeError('@AccessToken() on a route that BoundTokenGuard did not guard');
  return token;
});
