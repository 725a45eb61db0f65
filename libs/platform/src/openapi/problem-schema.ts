/** JSON Schema of every refusal, `application/problem+json` (RFC 9457). */
export const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'request_id'],
  properties: {
    type: {
      type: 'string',
      format: 'uri-reference',
      description: 'Where the code is explained, relative to the address that was called: `/problems/{code}`.',
    },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: { type: 'string', description: 'Stable; branch on this.' },
    detail: { type: 'string', description: 'For people; may change.' },
    request_id: { type: 'string', description: 'Quote it when you ask for help.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: {
          pointer: { type: 'string', description: 'RFC 6901 JSON pointer into what was sent.' },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
    checks: { type: 'array', items: { type: 'object' }, description: 'What was examined, and what was seen.' },
  },
} as const;

/** JSON Schema of `GET /problems/{code}`. */
export const PROBLEM_PAGE_SCHEMA = {
  type: 'object',
  required: ['code', 'title', 'status', 'explanation'],
  properties: {
    code: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    explanation: { type: 'string' },
  },
  additionalProperties: false,
} as const;
