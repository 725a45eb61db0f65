import { Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { VerifiedToken } from '../protocol/bound-token.js';
import { RefusedError } from '../protocol/errors.js';
import { Admission } from './admission.js';
import { BoundTokenStrategy } from './bound-token.strategy.js';
import { tell } from './guard-event.js';
import { keepFromCaches } from './keep-from-caches.js';
import { metadataUrlOf, MTLS_BINDING_OPTIONS, type MtlsBindingOptions } from './options.js';
import { Public } from './public.decorator.js';
import { refuse } from './refuse.js';
import { incomingMessageOf, rememberAdmitted, rememberPresentation } from './request.js';
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
    private readonly admission: Admission,
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

  override canActivate(context: ExecutionContext): true | Promise<boolean> {
    const route = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride(Public, route) === true) return true;
    keepFromCaches(context, this.binding.certificateSource);
    const known = this.admitKnown(context);
    if (!known) return this.admitUnseen(context);
    // as passport leaves it for a token it verified
    context.switchToHttp().getRequest<{ user?: VerifiedToken }>().user = known;
    return true;
  }

  private admitKnown(context: ExecutionContext): VerifiedToken | undefined {
    const request = context.switchToHttp().getRequest<object>();
    try {
      const requiredScopes = requiredScopesOf(this.reflector, context);
      const presentation = this.admission.presentationOf(incomingMessageOf(request), requiredScopes);
      rememberPresentation(request, presentation);
      const known = this.admission.admitKnown(presentation);
      if (known) this.admitted(request, known, true);
      return known;
    } catch (error) {
      throw this.refusal(context, error);
    }
  }

  // Passport takes a fifth of the time of a guarded route: only what needs its strategy goes through it.
  private async admitUnseen(context: ExecutionContext): Promise<boolean> {
    await super.canActivate(context); // throws what handleRequest throws
    return true;
  }

  override handleRequest<TUser = VerifiedToken>(
    error: unknown,
    token: VerifiedToken | false,
    _info: unknown,
    context: ExecutionContext,
  ): TUser {
    if (error || !token) throw this.refusal(context, error);
    this.admitted(context.switchToHttp().getRequest<object>(), token, false);
    return token as TUser;
  }

  private admitted(request: object, token: VerifiedToken, seenBefore: boolean): void {
    rememberAdmitted(request, token);
    if (!this.binding.report) return;
    const { clientId, partnerId, confirmation } = token;
    tell(this.binding.report, { kind: 'admitted', clientId, partnerId, bound: confirmation !== undefined, seenBefore });
  }

  private refusal(context: ExecutionContext, error: unknown): Error {
    if (error instanceof RefusedError) {
      tell(this.binding.report, { kind: 'refused', error });
      return refuse(context, error, metadataUrlOf(this.binding));
    }
    return error instanceof Error ? error : new Error('the bound token strategy gave no token', { cause: error });
  }
}
