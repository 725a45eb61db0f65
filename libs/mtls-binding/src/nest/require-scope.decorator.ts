import { SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { noteRequiredScopes } from '../openapi/scopes-extension.js';

const REQUIRED_SCOPES = 'partner-ecosystem:required-scopes';

/**
 * The scopes a route needs, all of them; on a controller, for each of its routes, besides the route's own. Its OpenAPI
 * operation says so too, see `describeBoundTokens()`.
 * @throws TypeError when none is named: that would silently ask for nothing
 */
export function RequireScope(...scopes: [string, ...string[]]): MethodDecorator & ClassDecorator {
  if (scopes.length === 0 || scopes.some((scope) => !/^[\x21\x23-\x5B\x5D-\x7E]+$/.test(scope))) {
    throw new TypeError('@RequireScope() needs one or more scope names (RFC 6749 section 3.3)');
  }
  const require = SetMetadata(REQUIRED_SCOPES, scopes);
  return (target: object, name?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (descriptor) require(target, name!, descriptor);
    else require(target as never);
    const handlers = descriptor ? [descriptor.value as object] : handlersOf(target);
    for (const handler of handlers) noteRequiredScopes(handler, scopes);
  };
}

// Its own only: an inherited one is shared with controllers that ask for something else.
function handlersOf(controller: object): object[] {
  const { prototype } = controller as { prototype: object };
  return Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([name, { value }]) => name !== 'constructor' && typeof value === 'function')
    .map(([, { value }]) => value as object);
}

type Decorated = Parameters<Reflector['get']>[1];

export function requiredScopesOf(reflector: Reflector, handler: Decorated, controller: Decorated): readonly string[] {
  return reflector.getAllAndMerge<string[]>(REQUIRED_SCOPES, [controller, handler]) ?? [];
}
