import { beforeAll, describe, expect, it } from 'vitest';
import { NEVER } from './never.js';
import { ReachableCodes } from './reachable-codes.js';
import { routesOf, sourceProgram } from './source-program.js';

const PATIENCE_MS = 600_000;

/** What the platform, the guard and the conventions of every route refuse; the use case is not asked. */
const OF_EVERY_ROUTE = new Set([
  ...['invalid_request', 'not_found', 'body_too_large', 'unsupported_media_type', 'malformed_json', 'unavailable'],
  ...['operator_scope_required', 'revocations_unavailable', 'idempotency_key_in_flight', 'idempotency_key_reused'],
  ...['precondition_required', 'precondition_failed', 'dry_run', 'private_key_in_request'],
]);

/** The document shows these at every route, without its saying so. */
const SHOWN_ANYWAY = new Set(['invalid_request', 'private_key_in_request']);

interface Judged {
  readonly route: string;
  readonly reached: ReadonlySet<string>;
  readonly documented: ReadonlySet<string>;
}

describe.each([
  { app: 'partner-registry', error: 'RegistryError', routes: 60 },
  { app: 'resource-api', error: 'ShipmentError', routes: 3 },
])('the OpenAPI document of $app', ({ app, error, routes }) => {
  let judged: Judged[];

  beforeAll(() => {
    const program = sourceProgram(app);
    const codes = new ReachableCodes(program, new Set([error]));
    judged = routesOf(program).map(({ name, method, documented }) => {
      return { route: name, reached: codes.of(method), documented };
    });
  }, PATIENCE_MS);

  const excused = (route: string, code: string): boolean =>
    NEVER.some(({ routes, codes }) => routes.test(route) && codes.includes(code));

  it('names at each route every code that its use case can refuse with', () => {
    expect(judged.length).toBeGreaterThanOrEqual(routes);
    const missing = judged.flatMap(({ route, reached, documented }) =>
      [...reached]
        .filter((code) => !documented.has(code) && !SHOWN_ANYWAY.has(code) && !excused(route, code))
        .map((code) => `${route}: ${code}`),
    );
    expect(missing.sort()).toEqual([]);
  });

  it('names no code that the use case cannot refuse with', () => {
    const idle = judged.flatMap(({ route, reached, documented }) =>
      [...documented]
        .filter((code) => !reached.has(code) && !OF_EVERY_ROUTE.has(code))
        .map((code) => `${route}: ${code}`),
    );
    expect(idle.sort()).toEqual([]);
  });

  it('has no exception that nothing needs any more', () => {
    const needed = (code: string, at: RegExp): boolean =>
      judged.some(({ route, reached, documented }) => at.test(route) && reached.has(code) && !documented.has(code));
    const idle = NEVER.filter(({ routes }) => judged.some(({ route }) => routes.test(route))).flatMap(
      ({ routes, codes }) => codes.filter((code) => !needed(code, routes)).map((code) => `${String(routes)}: ${code}`),
    );
    expect(idle).toEqual([]);
  });
});
