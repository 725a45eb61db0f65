import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { jwtVerify, type JWTVerifyGetKey } from 'jose';

export const JOSE_RULES = Symbol('JoseRules');

export interface JoseRules {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: JWTVerifyGetKey;
}

/**
 * The least a guard with `jose` does: `jwtVerify` for every request, with the options its documentation shows.
 *
 * Does not check: the certificate, revocation, scopes, or more of the token than `jwtVerify` was told to. What ours does
 * beyond it is on our side of the ratio.
 */
@Injectable()
export class JoseGuard implements CanActivate {
  constructor(@Inject(JOSE_RULES) private readonly rules: JoseRules) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<IncomingMessage & { user?: unknown }>();
    const { issuer, audience, keys } = this.rules;
    const token = request.headers.authorization?.slice('Bearer '.length) ?? '';
    const { payload } = await jwtVerify(token, keys, { issuer, audience, typ: 'at+jwt', algorithms: ['ES256'] });
    request.user = payload;
    return true;
  }
}
