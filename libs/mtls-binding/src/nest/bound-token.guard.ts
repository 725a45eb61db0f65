import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { VerifiedToken } from '../protocol/bound-token.js';
import { RefusedError } from '../protocol/errors.js';
import { Admission } from './admission.js';
import { BoundTokenStrategy } from './bound-token.strategy.js';
import { tell } from './guard-event.js';
import { keepFromCaches } from './keep-from-caches.js';
import { metadataUrlOf, MTLS_BINDING_OPTIONS, type MtlsBindingOptions } from './options.js';
import { refuse } from './refuse.js';
import { incomingMessageOf, rememberAdmitted, rememberPresentation } from './request.js';
import { routeRulesOf } from './route-rules.js';

/**
 * Lets a request through only with a token bound to the client certificate of its own connection, and the scopes the
 * route asks for. Installed for every route by `MtlsBindingModule`; `@Public()` opens one. // R7
 *
 * Does not check: whose data a route touches. That is the API's job, with `@AccessToken()`.
 */
@Injectable()
export class BoundTokenGuard implements CanActivate {
  constructor(
    private readonly strategy: BoundTokenStrategy,
    private readonly admission: Admission,
    private readonly reflector: Reflector,
    @Inject(MTLS_BINDING_OPTIONS) private readonly binding: MtlsBindingOptions,
  ) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    // A gateway's or a microservice's message has no connection of its caller's to hold a token against.
    if (context.getType() !== 'http')
      throw new TypeError('BoundTokenGuard lets HTTP requests through, and nothing else');
    const { isPublic, requiredScopes } = routeRulesOf(this.reflector, context);
    if (isPublic) return true;
    keepFromCaches(context, this.binding.certificateSource);
    const request = context.getArgByIndex<{ user?: VerifiedToken }>(0); // switchToHttp() makes three functions each time
    const known = this.admitKnown(context, request, requiredScopes);
    if (!known) return this.admitUnseen(context, request);
    request.user = known; // where passport leaves it
    return true;
  }

  private admitKnown(
    context: ExecutionContext,
    request: object,
    requiredScopes: readonly string[],
  ): VerifiedToken | undefined {
    try {
      const presentation = this.admission.presentationOf(incomingMessageOf(request), requiredScopes);
      rememberPresentation(request, presentation);
      const known = this.admission.admitKnown(presentation);
      if (known) this.admitted(request, known, true);
      return known;
    } catch (error) {
      throw this.refusal(context, error);
    }
  }

  private async admitUnseen(context: ExecutionContext, request: { user?: VerifiedToken }): Promise<true> {
    try {
      const token = await this.strategy.run(request);
      this.admitted(request, token, false);
      request.user = token;
      return true;
    } catch (error) {
      throw this.refusal(context, error);
    }
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
    return error instanceof Error ? error : new Error('a guard threw what is no error', { cause: error });
  }
}
