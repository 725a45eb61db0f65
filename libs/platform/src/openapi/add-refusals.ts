import type { OpenAPIObject } from '@nestjs/swagger';
import { PROBLEM_TYPE } from '../problem/send-problem.js';

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
const PROBLEM = { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } };

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** What the guard answers on every route that takes a token. */
const OF_GUARD: Record<string, string> = {
  400: '`invalid_request`',
  401: '`unauthorized`, `invalid_token`: no token, or one that is not valid over this connection',
  403: '`insufficient_scope`: the token lacks a scope',
  503: '`unavailable`: something that the service depends on cannot be reached',
};

/** What the engine answers on every route that takes a body. */
const OF_BODY: Record<string, string> = {
  400: '`malformed_json`, `malformed_body`',
  413: '`body_too_large`',
  415: '`unsupported_media_type`',
};

/**
 * Adds to each operation what it is refused with before its handler is called; what the route itself says of a status
 * stands below. A status that is answered in another form than as a problem stays as it is.
 * @returns the same document
 */
export function addRefusals(document: OpenAPIObject): OpenAPIObject {
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (!operation) continue;
      if (operation.requestBody) add(operation, OF_BODY);
      if (takesToken(document, operation)) add(operation, OF_GUARD);
    }
  }
  return document;
}

function takesToken({ security, components }: OpenAPIObject, operation: Operation): boolean {
  const schemes = (components?.securitySchemes ?? {}) as Record<string, { type?: string; scheme?: string }>;
  const names = (operation.security ?? security ?? []).flatMap((requirement) => Object.keys(requirement));
  return names.some((name) => schemes[name]?.type === 'http' && schemes[name]?.scheme === 'bearer');
}

function add({ responses }: Operation, refusals: Record<string, string>): void {
  for (const [status, description] of Object.entries(refusals)) {
    const present = responses[status] as { description?: string; content?: object } | undefined;
    if (present && !Object.hasOwn(present.content ?? {}, PROBLEM_TYPE)) continue;
    const own = present?.description;
    responses[status] = {
      ...present,
      description: own === undefined || own.includes(description) ? (own ?? description) : `${description}\n\n${own}`,
      content: PROBLEM,
    } as never;
  }
}

/** `GET /problems/{code}`, which the platform serves. */
export const PROBLEM_PAGE = {
  get: {
    operationId: 'Problems_explainProblem',
    tags: ['problems'],
    summary: 'Explain a code',
    description: 'What the `type` of a problem leads to. Needs no token.',
    security: [],
    parameters: [{ name: 'code', in: 'path', required: true, schema: { type: 'string' } }],
    responses: {
      200: {
        description: 'What the code means and what to do about it.',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['code', 'title', 'status', 'explanation'],
              properties: {
                code: { type: 'string' },
                title: { type: 'string' },
                status: { type: 'integer' },
                explanation: { type: 'string' },
              },
              additionalProperties: false,
            },
          },
        },
      },
      404: { description: '`not_found`: no problem has this code', content: PROBLEM },
    },
  },
} as const;
