import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { RegistryError } from '../problems/registry-error.js';
import { MERGE_PATCH } from './request-bodies.js';

/** What null and a missing member mean is only clear in a merge patch (RFC 7396), so PATCH takes that and nothing else does. */
@Injectable()
export class MergePatchInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { method, headers } = context.switchToHttp().getRequest<FastifyRequest>();
    const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
    if ((method === 'PATCH') !== (type === MERGE_PATCH)) throw unsupported(method);
    return next.handle();
  }
}

function unsupported(method: string): RegistryError {
  const detail = method === 'PATCH' ? `Send a merge patch as ${MERGE_PATCH}.` : `${MERGE_PATCH} is for PATCH only.`;
  return new RegistryError('unsupported_media_type', { detail });
}
