import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { Public } from './public.decorator.js';
import { requiredScopesOf } from './require-scope.decorator.js';

/** What the decorators of a route and of its controller say. */
export interface RouteRules {
  readonly isPublic: boolean;
  readonly requiredScopes: readonly string[];
}

// Decorators have run once and for all when their class is there. A handler may be inherited by several controllers.
const known = new WeakMap<object, WeakMap<object, RouteRules>>();

/** Read from the metadata once for each route. */
export function routeRulesOf(reflector: Reflector, context: ExecutionContext): RouteRules {
  const [handler, controller] = [context.getHandler(), context.getClass()];
  const ofHandler = known.get(handler);
  const held = ofHandler?.get(controller);
  if (held) return held;
  const rules = rulesOfHandler(reflector, handler, controller);
  if (ofHandler) ofHandler.set(controller, rules);
  else known.set(handler, new WeakMap([[controller, rules]]));
  return rules;
}

type Decorated = Parameters<Reflector['get']>[1];

export function rulesOfHandler(reflector: Reflector, handler: Decorated, controller: Decorated): RouteRules {
  return {
    isPublic: reflector.getAllAndOverride(Public, [handler, controller]) === true,
    requiredScopes: requiredScopesOf(reflector, handler, controller),
  };
}
