import { createParamDecorator, type ExecutionContext, type ParamDecoratorEnhancer } from '@nestjs/common';
import { CLASS_SERIALIZER_OPTIONS } from '@nestjs/common/serializer/class-serializer.constants.js';
import { accessTokenOf } from '@partner-ecosystem/mtls-binding';
import { ApiHeader, ApiQuery, ApiRefusals } from '@partner-ecosystem/platform/openapi';
import { requestIdOf } from '@partner-ecosystem/platform/logging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { REVOCATION_SEQ } from '../http/revocation-seq.js';
import type { MutationContext } from './words/mutation-context.js';
import { addressedBy, dryRunOf, idempotencyOf, ifMatchOf, ifNoneMatchOf } from './mutation-request.js';

const MUTATES = Symbol('mutates');

const dryRun = ApiQuery({
  name: 'dry_run',
  required: false,
  schema: { type: 'boolean', default: false },
  description: 'With `true` everything is done and checked, then undone; the answer carries `x-dry-run: true`.',
});
const idempotencyKey = ApiHeader({
  name: 'Idempotency-Key',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  description:
    'The same key with the same request within 24 hours is carried out once and answered the same; also at the same time.',
});
const seenVersion = (required: boolean) =>
  ApiHeader({
    name: 'If-Match',
    required,
    schema: {
      type: 'string',
      pattern: '^(?:\\*|"[1-9][0-9]*"(?:, ?"[1-9][0-9]*")*)$',
      examples: ['"1"', '"1", "2"', '*'],
    },
    description:
      'The ETag of the version you have seen, or several; 412 when none of them is there. `*`: whatever the version.',
  });

const refusals = ApiRefusals(
  ...['operator_scope_required', 'idempotency_key_in_flight', 'idempotency_key_reused', 'precondition_failed'],
  'revocations_unavailable',
);
const needsVersion = ApiRefusals('precondition_required');

const described =
  (...decorators: MethodDecorator[]): ParamDecoratorEnhancer =>
  (target, key) => {
    if (target === undefined || key === undefined) return;
    const method = Object.getOwnPropertyDescriptor(target, key)!;
    for (const describe of decorators) describe(target as object, key, method);
    Reflect.defineMetadata(MUTATES, true, method.value as object);
  };

/**
 * The `MutationContext` of a POST that adds something: `?dry_run=true`, `Idempotency-Key` and an optional `If-Match`,
 * parsed and documented.
 * @throws RegistryError `invalid_request`
 */
export const Mutation = createParamDecorator(contextWith(false), [
  described(dryRun, idempotencyKey, seenVersion(false), refusals),
]);

/**
 * The same for an action on something that is there: `If-Match` is needed. `*` will do, because who has to suspend a
 * client in an incident must not lose the race against an edit, and has to say so.
 */
export const VersionedMutation = createParamDecorator(contextWith(true), [
  described(dryRun, idempotencyKey, seenVersion(true), refusals, needsVersion),
]);

/** Whether a route changes something, which is whether it asks for a `MutationContext`. */
export function isMutation(context: ExecutionContext): boolean {
  return Reflect.hasMetadata(MUTATES, context.getHandler());
}

function contextWith(ifMatchRequired: boolean) {
  return (_: unknown, context: ExecutionContext): MutationContext => contextOf(context, ifMatchRequired);
}

function contextOf(context: ExecutionContext, ifMatchRequired: boolean): MutationContext {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const token = accessTokenOf(request);
  if (!token) throw new TypeError('@Mutation() on a route that nobody guards');
  return {
    actor: { ...token, certificateThumbprint: token.confirmation['x5t#S256'] },
    requestId: requestIdOf(request),
    dryRun: dryRunOf(request),
    ifMatch: ifMatchOf(request),
    ifMatchRequired,
    ifNoneMatch: ifNoneMatchOf(request),
    idempotency: idempotencyOf(request),
    addressed: addressedBy(request),
    answerOf: (result) => serialized(result, schemaOf(context)),
    revoked: (seq) => void context.switchToHttp().getResponse<FastifyReply>().header(REVOCATION_SEQ, String(seq)),
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
