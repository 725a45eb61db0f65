import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { isMutation } from './mutation.decorator.js';
import { RegistryError } from '../problems/registry-error.js';

/** A route that takes no query refuses one: an unknown parameter is a 400 there as it is on lists, whose schemas see to it. */
@Injectable()
export class RefuseQueryInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const names = Object.keys(context.switchToHttp().getRequest<FastifyRequest>().query as object);
    const unknown = takesQuery(context) ? [] : names.filter((name) => name !== 'dry_run' || !isMutation(context));
    if (unknown.length > 0) throw unknownParameters(unknown);
    return next.handle();
  }
}

function takesQuery(context: ExecutionContext): boolean {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) as
    object | undefined;
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(`${RouteParamtypes.QUERY}:`));
}

function unknownParameters(names: readonly string[]): RegistryError {
  const errors = names.slice(0, 50).map((name) => ({
    pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    code: 'unknown_member',
    detail: 'is not known here',
  }));
  return new RegistryError('invalid_request', { detail: 'The query is not as expected.', errors });
}
