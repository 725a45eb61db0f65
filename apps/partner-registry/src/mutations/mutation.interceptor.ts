import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, of, type Observable } from 'rxjs';
import { RepeatedRequest } from './repeated-request.js';
import { REVOCATION_SEQ } from '../http/revocation-seq.js';
import { isMutation } from './mutation.decorator.js';
import { dryRunOf } from './mutation-request.js';

/** Says on the answer that it is one of a dry run, or of a request that was carried out before. */
@Injectable()
export class MutationInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (!isMutation(context)) return next.handle();
    const http = context.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    if (dryRunOf(http.getRequest<FastifyRequest>())) void reply.header('x-dry-run', 'true');
    return next.handle().pipe(
      catchError((error: unknown) => {
        if (!(error instanceof RepeatedRequest)) throw error;
        void reply.header('idempotency-replayed', 'true');
        if (error.revocationSeq !== undefined) void reply.header(REVOCATION_SEQ, String(error.revocationSeq));
        return of(error.answer);
      }),
    );
  }
}
