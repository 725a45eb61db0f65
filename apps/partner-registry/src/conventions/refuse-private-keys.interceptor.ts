import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { privateKeyInRequest } from '../certificates/certificate.errors.js';
import { RegistryError } from '../problems/registry-error.js';

const PRIVATE_KEY = /-----\s*BEGIN [A-Z0-9 ]*PRIVATE KEY/i;
// RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1: in a key, these members are what nobody else may know
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
/** Far above what any schema takes; more would only be work for whoever walks through it. */
const DEEPEST = 32;

/**
 * Looks for a private key in every body, whatever the field, before anything is validated: the operator must be told to
 * replace it, not that a field is unknown. PEM and JWK; the upload of certificates also knows the other forms.
 */
@Injectable()
export class RefusePrivateKeysInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (body !== undefined && holdsPrivateKey(body)) throw privateKeyInRequest();
    return next.handle();
  }
}

function holdsPrivateKey(body: unknown): boolean {
  let level = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw tooDeep();
    if (level.some(isPrivate)) return true;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? membersOf(value) : []));
  }
  return false;
}

function isPrivate(value: unknown): boolean {
  if (typeof value === 'string') return PRIVATE_KEY.test(value);
  return (
    typeof value === 'object' && value !== null && 'kty' in value && SECRET_MEMBERS.some((member) => member in value)
  );
}

function membersOf(value: object): unknown[] {
  return Array.isArray(value) ? value : [...Object.keys(value), ...(Object.values(value) as unknown[])];
}

function tooDeep(): RegistryError {
  // RFC 6901: the empty pointer is the whole of what was sent
  return RegistryError.ofField('invalid_request', '', `The body is nested deeper than ${DEEPEST} levels.`);
}
