import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { holdsPrivateKey, isPrivateJwk } from '@partner-ecosystem/x509';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { privateKeyInRequest } from '../problems/certificate.errors.js';
import { RegistryError } from '../problems/registry-error.js';

/** Far above what any schema takes; more would only be work for whoever walks through it. */
const DEEPEST = 32;

/**
 * Looks for a private key in every body, whatever the field, before anything is validated: the operator must be told to
 * replace it, not that a field is unknown. PEM and JWK, in every writing that `holdsPrivateKey` knows; the upload of certificates also knows the other forms.
 */
@Injectable()
export class RefusePrivateKeysInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (body !== undefined && anyHoldsPrivateKey(body)) throw privateKeyInRequest();
    return next.handle();
  }
}

function anyHoldsPrivateKey(body: unknown): boolean {
  let level = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw tooDeep();
    if (level.some(isPrivate)) return true;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? membersOf(value) : []));
  }
  return false;
}

function isPrivate(value: unknown): boolean {
  if (typeof value === 'string') return holdsPrivateKey(value);
  return typeof value === 'object' && value !== null && isPrivateJwk(value);
}

function membersOf(value: object): unknown[] {
  return Array.isArray(value) ? value : [...Object.keys(value), ...(Object.values(value) as unknown[])];
}

function tooDeep(): RegistryError {
  // RFC 6901: the empty pointer is the whole of what was sent
  return RegistryError.ofField('invalid_request', '', `The body is nested deeper than ${DEEPEST} levels.`);
}
