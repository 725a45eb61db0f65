import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { VerifiedToken } from '../protocol/bound-token.js';
import { RefusedError } from '../protocol/errors.js';
import { Admission } from './admission.js';
import { BoundTokenStrategy } from './bound-token.strategy.js';
import { tell, type ReportGuardEvent } from './guard-event.js';
import { keepFromCaches } from './keep-from-caches.js';
import { metadataUrlOf, MTLS_BINDING_OPTIONS, type MtlsBindingOptions } from './options.js';
import type { AdmissionRequest } from './admission-request.js';
import { refuse } from './refuse.js';
import { accessTokenOf, incomingMessageOf, rememberAdmitted, rememberAdmissionRequest } from './request.js';
import { routeRulesOf } from './route-rules.js';

interface GuardedRequest {
  user?: VerifiedToken;
}

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
    const request = context.getArgByIndex<GuardedRequest>(0); // switchToHttp() makes three functions each time
    const asked = this.admissionRequestOf(context, request, requiredScopes);
    return this.admitKnown(context, request, asked) || this.admitUnseen(context, request, asked);
  }

  private admissionRequestOf(
    context: ExecutionContext,
    request: object,
    requiredScopes: readonly string[],
  ): AdmissionRequest {
    try {
      return this.admission.admissionRequestOf(incomingMessageOf(request), requiredScopes);
    } catch (error) {
      throw this.refusal(context, error);
    }
  }

  // Nothing is awaited for a token that was seen before: Nest takes a boolean as it is.
  private admitKnown(context: ExecutionContext, request: GuardedRequest, asked: AdmissionRequest): boolean {
    try {
      const token = this.admission.admitKnown(asked);
      return token !== undefined && this.admitted(request, token, asked, true);
    } catch (error) {
      throw this.refusal(context, error);
    }
  }

  private async admitUnseen(
    context: ExecutionContext,
    request: GuardedRequest,
    asked: AdmissionRequest,
  ): Promise<true> {
    try {
      rememberAdmissionRequest(incomingMessageOf(request), asked);
      return this.admitted(request, await this.strategy.run(request), asked, false);
    } catch (error) {
      throw this.refusal(context, error);
    }
  }

  private admitted(request: GuardedRequest, token: VerifiedToken, asked: AdmissionRequest, seenBefore: boolean): true {
    // Told once, also where a request is judged before its body is read and again after.
    const isTold = accessTokenOf(request) !== undefined;
    rememberAdmitted(incomingMessageOf(request), token, asked);
    request.user = token; // where passport leaves it
    if (this.binding.report && !isTold) this.tellAdmitted(this.binding.report, token, seenBefore);
    return true;
  }

  private tellAdmitted(report: ReportGuardEvent, token: VerifiedToken, seenBefore: boolean): void {
    const { clientId, partnerId, confirmation } = token;
    tell(report, { kind: 'admitted', clientId, partnerId, bound: confirmation !== undefined, seenBefore });
  }

  private refusal(context: ExecutionContext, error: unknown): Error {
    if (error instanceof RefusedError) {
      tell(this.binding.report, { kind: 'refused', error });
      return refuse(context, error, metadataUrlOf(this.binding));
    }
    return error instanceof Error ? error : new Error('a guard threw what is no error', { cause: error });
  }
}
