import { createParamDecorator, type ExecutionContext, type ParamDecoratorEnhancer } from '@nestjs/common';
import { CLASS_SERIALIZER_OPTIONS } from '@nestjs/common/serializer/class-serializer.constants.js';
import { ApiHeader, ApiQuery } from '@nestjs/swagger';
import { accessTokenOf } from '@partner-ecosystem/mtls-binding';
import { ApiProblem } from '@partner-ecosystem/platform/openapi';
import { requestIdOf } from '@partner-ecosystem/platform/logging';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { MutationContext } from './mutation-context.js';
import { dryRunOf, idempotencyOf, ifMatchOf, ifMatchRequired } from './mutation-request.js';

const MUTATES = Symbol('mutates');

const dryRun = ApiQuery({
  name: 'dry_run',
  required: false,
  schema: { type: 'string', enum: ['true', 'false'], default: 'false' },
  description: 'With `true` everything is done and checked, then undone; the answer carries `x-dry-run: true`.',
});
const idempotencyKey = ApiHeader({
  name: 'Idempotency-Key',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  description:
    'The same key with the same request within 24 hours is carried out once and answered the same; also at the same time.',
});
const ifMatch = (required: boolean) =>
  ApiHeader({
    name: 'If-Match',
    required,
    schema: { type: 'string', pattern: '^"[1-9][0-9]*"$', examples: ['"1"'] },
    description: 'The ETag of the version you have seen; 412 when it was changed since.',
  });

// A route that has more to say about one of these statuses says it in its own words.
const keyProblems = [
  ApiProblem(400, '`invalid_request`'),
  ApiProblem(409, '`idempotency_key_in_flight`'),
  ApiProblem(422, '`idempotency_key_reused`'),
];
const stale = ApiProblem(412, '`precondition_failed`: it was changed since');

const described =
  (...decorators: MethodDecorator[]): ParamDecoratorEnhancer =>
  (target, key) => {
    if (target === undefined || key === undefined) return;
    const method = Object.getOwnPropertyDescriptor(target, key)!;
    for (const describe of decorators) describe(target as object, key, method);
    Reflect.defineMetadata(MUTATES, true, method.value as object);
  };

/**
 * The `MutationContext` of a POST that changes something: `?dry_run=true`, `Idempotency-Key` and an optional `If-Match`,
 * parsed and documented.
 * @throws RegistryError `invalid_request`
 */
export const Mutation = createParamDecorator(contextOf, [
  described(dryRun, idempotencyKey, ifMatch(false), ...keyProblems, stale),
]);

/** The same for PATCH, PUT and DELETE: what replaces something needs `If-Match`. */
export const Replacement = createParamDecorator(contextOf, [
  described(
    dryRun,
    idempotencyKey,
    ifMatch(true),
    ...keyProblems,
    stale,
    ApiProblem(428, '`precondition_required`: without If-Match nothing is replaced'),
  ),
]);

/** Whether a route changes something, which is whether it asks for a `MutationContext`. */
export function isMutation(context: ExecutionContext): boolean {
  return Reflect.hasMetadata(MUTATES, context.getHandler());
}

function contextOf(_: unknown, context: ExecutionContext): MutationContext {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const token = accessTokenOf(request);
  if (!token) throw new TypeError('@Mutation() on a route that nobody guards');
  return {
    actor: { ...token, certificateThumbprint: token.confirmation['x5t#S256'] },
    requestId: requestIdOf(request),
    dryRun: dryRunOf(request),
    ifMatch: ifMatchOf(request),
    ifMatchRequired: ifMatchRequired(request),
    idempotency: idempotencyOf(request),
    answerOf: (result) => serialized(result, schemaOf(context)),
  };
}

function schemaOf(context: ExecutionContext): z.ZodType | undefined {
  const options = Reflect.getMetadata(CLASS_SERIALIZER_OPTIONS, context.getHandler()) as { schema?: z.ZodType };
  return options?.schema;
}

// As the platform does it with what the handler returns. Here an answer that breaks its schema still undoes the change.
async function serialized(result: unknown, schema: z.ZodType | undefined): Promise<unknown> {
  return schema ? schema.parseAsync(result) : null;
}
