import type { OpenAPIObject } from '@nestjs/swagger';
import type { ProblemTable } from '../problem/problem-table.js';
import { PROBLEM_TYPE } from '../problem/send-problem.js';
import { REFUSALS } from './api-refusals.js';

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
const PROBLEM_SCHEMA = { $ref: '#/components/schemas/Problem' };

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** What is answered on every route that takes a token. */
const OF_GUARD = [
  'invalid_request',
  'unauthorized',
  'invalid_token',
  'insufficient_scope',
  'too_many_requests',
  'unavailable',
];

/** What is answered to a page of another origin that tries to change something. */
const OF_CHANGE = ['origin_not_allowed'];

/** What the engine answers on every route that takes a body. */
const OF_BODY = [
  'malformed_json',
  'malformed_body',
  'body_too_large',
  'unsupported_media_type',
  'unsupported_content_coding',
];

/**
 * Adds to each operation what it is refused with: the codes that it names itself (`@ApiRefusals`), and those that are
 * answered before its handler is called. Each has an example with its status. A status that is answered in another form
 * than as a problem stays as it is.
 * Throws Error for a code that is not in the table.
 * @returns the same document
 */
export function addRefusals(document: OpenAPIObject, problems: ProblemTable): OpenAPIObject {
  const named = new Set<string>();
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (!operation) continue;
      const codes = [
        ...(takesToken(document, operation) ? [...OF_GUARD, ...(method === 'get' ? [] : OF_CHANGE)] : []),
        ...(operation.requestBody ? OF_BODY : []),
        ...takeCodes(operation as Operation & Record<string, unknown>),
      ];
      for (const code of describe(operation, new Set(codes), problems)) named.add(code);
    }
  }
  const examples = [...named].sort().map((code) => [code, exampleOf(code, problems)] as const);
  (document.components ??= {}).examples = { ...document.components.examples, ...Object.fromEntries(examples) };
  return document;
}

function takesToken({ security, components }: OpenAPIObject, operation: Operation): boolean {
  const schemes = (components?.securitySchemes ?? {}) as Record<string, { type?: string; scheme?: string }>;
  const names = (operation.security ?? security ?? []).flatMap((requirement) => Object.keys(requirement));
  return names.some((name) => schemes[name]?.type === 'http' && schemes[name]?.scheme === 'bearer');
}

function takeCodes(operation: Record<string, unknown>): string[] {
  const keys = Object.keys(operation).filter((key) => key.startsWith(REFUSALS));
  return keys.flatMap((key) => {
    const codes = operation[key] as string[];
    delete operation[key];
    return codes;
  });
}

/** @returns the codes that the operation shows now */
function describe({ responses }: Operation, codes: ReadonlySet<string>, problems: ProblemTable): string[] {
  const byStatus = new Map<number, string[]>();
  for (const code of codes) {
    const status = entryOf(code, problems).status;
    if (responses[status] === undefined) byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  for (const [status, ofStatus] of [...byStatus].sort(([a], [b]) => a - b)) {
    const references = ofStatus.map((code) => [code, { $ref: `#/components/examples/${code}` }]);
    responses[status] = {
      description: ofStatus.map((code) => `\`${code}\`: ${entryOf(code, problems).title}.`).join('\n\n'),
      content: { [PROBLEM_TYPE]: { schema: PROBLEM_SCHEMA, examples: Object.fromEntries(references) as never } },
    };
  }
  return [...byStatus.values()].flat();
}

function exampleOf(code: string, problems: ProblemTable) {
  const { status, title, explanation } = entryOf(code, problems);
  const type = `/problems/${code}`;
  const request_id = '0198c2f7d0e47b5a91c26f8e3d1a4b70';
  return { summary: title, value: { type, title, status, code, detail: explanation, request_id } };
}

function entryOf(code: string, problems: ProblemTable) {
  const entry = problems[code];
  if (!entry) throw new Error(`A route is refused with "${code}", which the table of problems does not have`);
  return entry;
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
        content: { 'application/json': { schema: { $ref: '#/components/schemas/ProblemPage' } } },
      },
    },
    [`${REFUSALS}page`]: ['not_found'],
  },
} as const;
