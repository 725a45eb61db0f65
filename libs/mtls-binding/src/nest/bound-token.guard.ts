import { Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { BoundToken } from '../protocol/bound-token.js';
import { RefusedError } from '../protocol/errors.js';
import { assertScopes } from '../protocol/scope.js';
import { BoundTokenStrategy } from './bound-token.strategy.js';
import { MTLS_BINDING_OPTIONS, type MtlsBindingOptions } from './options.js';
import { Public } from './public.decorator.js';
import { refuse } from './refuse.js';
import { incomingMessageOf, rememberCertificate, rememberToken } from './request.js';
import { requiredScopesOf } from './require-scope.decorator.js';

/**
 * Lets a request through only with a token bound to the client certificate of its own connection, and the scopes the
 * route asks for. Installed for every route by `MtlsBindingModule`; `@Public()` opens one. // R7
 *
 * Does not check: whose data a route touches. That is the API's job, with `@AccessToken()`.
 */
@Injectable()
export class BoundTokenGuard extends AuthGuard() {
  constructor(
    strategy: BoundTokenStrategy,
    private readonly reflector: Reflector,
    @Inject(MTLS_BINDING_OPTIONS) private readonly binding: MtlsBindingOptions,
  ) {
    // Passport writes one request's callbacks on the strategy object it is handed. Each request gets an object of its
    // own, as passport makes one for a strategy it knows by name; shared, two requests would swap their answers.
    super({
      get defaultStrategy() {
        return Object.create(strategy) as never;
      },
    });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride(Public, route) === true) return true;
    await super.canActivate(context); // throws what handleRequest throws
    return true;
  }

  override handleRequest<TUser = BoundToken>(
    error: unknown,
    token: BoundToken | false,
    _info: unknown,
    context: ExecutionContext,
  ): TUser {
    if (error instanceof RefusedError) throw refuse(context, error, this.binding.resourceMetadataUrl);
    if (error || !token)
      throw error instanceof Error ? error : new Error('the bound token strategy gave no token', { cause: error });
    this.assertScopes(context, token);
    this.remember(context.switchToHttp().getRequest<object>(), token);
    return token as TUser;
  }

  private assertScopes(context: ExecutionContext, token: BoundToken): void {
    try {
      assertScopes(token, requiredScopesOf(this.reflector, context));
    } catch (refusal) {
      throw refusal instanceof RefusedError ? refuse(context, refusal, this.binding.resourceMetadataUrl) : refusal;
    }
  }

  private remember(request: object, token: BoundToken): void {
    rememberToken(request, token);
    const evidence = this.binding.certificateSource.evidenceOf(incomingMessageOf(request));
    if (evidence) rememberCertificate(request, evidence);
  }
}
