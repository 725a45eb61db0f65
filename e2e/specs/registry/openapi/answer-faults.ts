import { z } from 'zod';
import type { Answer } from '../../../stack/admin/https-client.js';
import type { JsonSchema, Operation } from './api-document.js';
import type { HostileRequest } from './hostile-requests.js';

// Refused before any operation is asked, and therefore documented nowhere in particular.
const OF_ANY_OPERATION = new Set([400, 404, 405, 413, 414, 415]);

/** What is wrong with an answer, whatever was asked; nothing when it is as documented. */
export function answerFaults(answer: Answer, operation: Operation): string[] {
  const { status } = answer;
  if (status >= 500) return [`${status}: never a 5xx`];
  const documented = operation.answers[status];
  if (status < 400) return documented ? successFaults(answer, operation) : [`${status} is not documented`];
  const undocumented = !documented && !OF_ANY_OPERATION.has(status) ? [`${status} is not documented`] : [];
  return [...undocumented, ...problemFaults(answer)];
}

function successFaults(answer: Answer, { answers }: Operation): string[] {
  const type = answer.headers['content-type']?.split(';')[0] ?? '';
  const media = answers[answer.status]?.content;
  if (!media) return answer.text === '' ? [] : ['a body that is not documented'];
  if (!media[type]) return [`the content type ${type} is not documented`];
  const { schema } = media[type];
  return schema && type.endsWith('json') ? schemaFaults(schema, answer.body) : [];
}

/** RFC 9457, with what every problem of ours has. */
function problemFaults({ status, headers, body }: Answer): string[] {
  const { code, errors = [] } = body as { code?: unknown; errors?: { pointer?: unknown }[] };
  const pointers = errors.map(({ pointer }) => pointer);
  return [
    ...(headers['content-type']?.startsWith('application/problem+json')
      ? []
      : [`content type ${headers['content-type']}`]),
    ...(typeof code === 'string' && /^[a-z_]+$/.test(code) ? [] : [`code ${String(code)}`]),
    ...(body['type'] === `/problems/${String(code)}` ? [] : [`type ${String(body['type'])}`]),
    ...(body['status'] === status ? [] : [`status ${String(body['status'])} in the body`]),
    ...(body['request_id'] === headers['x-request-id'] && body['request_id'] ? [] : ['another request_id']),
    ...(pointers.every((pointer) => typeof pointer === 'string' && /^(\/.*)?$/su.test(pointer))
      ? []
      : ['a pointer that is none']),
    ...(typeof body['detail'] === 'string' && /\n\s+at |node_modules|\bSELECT\b/.test(body['detail'])
      ? ['a detail from inside']
      : []),
  ];
}

/** A member that was spoilt in an otherwise good body is the one that is named. */
export function pointerFaults({ status, body }: Answer, { spoilt }: HostileRequest): string[] {
  if (spoilt === undefined || status !== 400 || body['code'] !== 'invalid_request') return [];
  const pointers = ((body['errors'] ?? []) as { pointer: string }[]).map(({ pointer }) => pointer);
  if (pointers.length > 0) return [];
  return [`${spoilt} was spoilt, and no pointer says what is wrong`];
}

const compiled = new WeakMap<JsonSchema, z.ZodType>();

export function schemaFaults(schema: JsonSchema, value: unknown): string[] {
  let validator = compiled.get(schema);
  if (!validator) compiled.set(schema, (validator = z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema)));
  const result = validator.safeParse(value);
  return result.success ? [] : result.error.issues.map(({ path, message }) => `/${path.join('/')}: ${message}`);
}
