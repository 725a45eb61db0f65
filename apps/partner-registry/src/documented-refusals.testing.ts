import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { TestAnswer } from './registry.testing.js';

/** `describe-registry.spec.ts` holds that it is what is served. */
const FILE = new URL('../../../docs/openapi/partner-registry.json', import.meta.url);
const PROBLEM = 'application/problem+json';
/** Answered before there is a route. */
const OF_ENGINE = [
  ...[
    'malformed_url',
    'malformed_request',
    'request_timeout',
    'url_too_long',
    'expectation_failed',
    'headers_too_large',
  ],
  ...['method_not_implemented', 'unsupported_transfer_coding', 'not_acceptable'],
];

interface Documented {
  responses: Record<string, { content?: Record<string, { examples?: object }> }>;
}

let operations: { method: string; pattern: RegExp; operation: Documented }[] | undefined;

/**
 * Every refusal that any spec meets is one that the OpenAPI document shows for its route: status and code. A failure of
 * the server itself is in no document.
 */
export function expectDocumented(method: string, path: string, { status, headers, body }: TestAnswer): void {
  if (status < 400 || status === 500 || OF_ENGINE.includes(body.code as string) || headers['content-type'] !== PROBLEM)
    return;
  operations ??= readOperations();
  const address = path.split('?')[0]!;
  const found = operations.find((one) => one.method === method && one.pattern.test(address));
  if (!found) return;
  const shown = Object.keys(found.operation.responses[status]?.content?.[PROBLEM]?.examples ?? {});
  expect(shown, `${method} ${found.pattern.source} answers ${String(status)} ${body.code}`).toContain(body.code);
}

// The longest first: `/v1/certificates/validate` is no certificate.
function readOperations() {
  const { paths } = JSON.parse(readFileSync(FILE, 'utf8')) as { paths: Record<string, Record<string, Documented>> };
  return Object.entries(paths)
    .sort(([a], [b]) => literal(b) - literal(a))
    .flatMap(([path, methods]) => {
      const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
      return Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        pattern,
        operation,
      }));
    });
}

const literal = (path: string): number => path.replaceAll(/\{\w+\}/g, '').length;
