/** Extension of an OpenAPI operation: the scopes its route needs, all of them. */
export const SCOPES_EXTENSION = 'x-required-scopes';

// Where @nestjs/swagger looks for what @ApiExtension() says. Written without it: it is an optional peer, and an API that
// has no document must not load it.
const API_EXTENSION = 'swagger/apiExtension';

/** Has the OpenAPI operation of a route handler say what scopes it needs, if a document is ever made. */
export function noteRequiredScopes(handler: object, scopes: readonly string[]): void {
  const before = (Reflect.getMetadata(API_EXTENSION, handler) ?? {}) as Record<string, unknown>;
  const noted = (before[SCOPES_EXTENSION] ?? []) as readonly string[];
  const all = [...new Set([...scopes, ...noted])];
  Reflect.defineMetadata(API_EXTENSION, { ...before, [SCOPES_EXTENSION]: all }, handler);
}
