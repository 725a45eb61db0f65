import { SetMetadata, type CustomDecorator, type ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';

const REQUIRED_SCOPES = 'partner-ecosystem:required-scopes';

/**
 * The scopes a route needs, all of them; on a controller, for each of its routes, besides the route's own.
 * @throws TypeError when none is named: that would silently ask for nothing
 */
export function RequireScope(...scopes: [string, ...string[]]): CustomDecorator {
  if (scopes.length === 0 || scopes.some((scope) => !/^[\x21\x23-\x5B\x5D-\x7E]+$/.test(scope))) {
    throw new TypeError('@RequireScope() needs one or more scope names (RFC 6749 section 3.3)');
  }
  return SetMetadata(REQUIRED_SCOPES, scopes);
}

export function requiredScopesOf(reflector: Reflector, context: ExecutionContext): readonly string[] {
  return reflector.getAllAndMerge<string[]>(REQUIRED_SCOPES, [context.getClass(), context.getHandler()]) ?? [];
}
