import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { privateKeyInRequest } from '../certificates/certificate.errors.js';

const PRIVATE_KEY = /-----\s*BEGIN [A-Z0-9 ]*PRIVATE KEY/i;

/**
 * Looks for a private key in every body, whatever the field, before anything is validated: the operator must be told to
 * replace it, not that a field is unknown. PEM only; the upload of certificates also knows the other forms.
 */
@Injectable()
export class RefusePrivateKeysInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (body !== undefined && PRIVATE_KEY.test(JSON.stringify(body))) throw privateKeyInRequest();
    return next.handle();
  }
}
