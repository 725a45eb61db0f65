import { applyDecorators, HttpCode } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import {
  ApiConsumes,
  ApiJson,
  ApiJsonBody,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiRefusals,
  ApiResponse,
  type ApiJsonBodyOptions,
  type ApiJsonOptions,
} from '@partner-ecosystem/platform/openapi';
import type { PROBLEMS } from '../problems/problem-table.js';
import type { RegistryScope } from './registry-scopes.js';
import { REVOCATION_SEQ_HEADER } from './revocation-seq.js';

export interface OperationOptions {
  summary: string;
  /** what the summary leaves open */
  description?: string;
  /** what the token must be granted; of several, each */
  scope: RegistryScope | readonly [RegistryScope, ...RegistryScope[]];
  /** `type`: instead of JSON */
  body?: ApiJsonBodyOptions & { type?: string };
  /** what it answers: JSON, with 200 unless it says otherwise */
  answer?: Omit<ApiJsonOptions, 'status'> & { status?: number };
  /** instead: a text of this type */
  text?: { type: string; description: string };
  /** instead: nothing, with 204; what that means */
  noContent?: string;
  /** the answer may carry `Revocation-Seq` */
  mayRevoke?: true;
  /** what its use case refuses with. What every route, every body and every change is refused with needs no mention. */
  refusals?: readonly (keyof typeof PROBLEMS)[];
}

/**
 * What a route is, said once: the scope that its guard asks for, its status, the whitelist that its answer passes through,
 * and everything that the OpenAPI document tells of it. `@Body({ schema })` and `@Query({ schema })` validate what comes;
 * `@Mutation()` and `@VersionedMutation()` add what is true of every change.
 */
export function Operation(about: OperationOptions): MethodDecorator {
  const { summary, body, answer, text, noContent, mayRevoke, refusals = [] } = about;
  const scopes = typeof about.scope === 'string' ? ([about.scope] as const) : about.scope;
  const named = `${scopes.length > 1 ? 'Scopes' : 'Scope'} ${scopes.map((scope) => `\`${scope}\``).join(' and ')}`;
  const description = about.description === undefined ? named : `${named}. ${about.description}`;
  const status = answer?.status ?? 200;
  return applyDecorators(
    RequireScope(...scopes),
    ApiOperation({ summary, description }),
    ...(body ? [ApiJsonBody(body)] : []),
    ...(body?.type === undefined ? [] : [ApiConsumes(body.type)]),
    ...(mayRevoke ? [ApiResponse({ status, headers: REVOCATION_SEQ_HEADER as never })] : []),
    ...(answer ? [ApiJson({ ...answer, status })] : []),
    ...(text ? [ApiOkResponse(textAnswer(text))] : []),
    ...(noContent === undefined ? [] : [HttpCode(204), ApiNoContentResponse({ description: noContent })]),
    // a private key is refused wherever it is sent, in an address too
    ApiRefusals('private_key_in_request', ...refusals),
  );
}

const textAnswer = ({ type, description }: { type: string; description: string }) => ({
  description,
  content: { [type]: { schema: { type: 'string' } } },
});
