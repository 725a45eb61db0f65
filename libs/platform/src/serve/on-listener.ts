import { RouteConstraints } from '@nestjs/platform-fastify';

// Nest's name for the metadata that @Get() and its like put on a method.
const ROUTE_PATH = 'path';
const DECLARED = Symbol('declared on the method');

/**
 * The allow-list of a route: the listeners it answers on; on every other one it is 404. On a controller class it
 * counts for every method that has none of its own. A route without any stops the boot.
 * Throws TypeError without names.
 * Does not check: methods a controller inherits; decorate those themselves.
 */
export function OnListener(...names: [string, ...string[]]): MethodDecorator & ClassDecorator {
  if (names.length === 0) throw new TypeError('@OnListener needs the name of at least one listener');
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (descriptor) {
      constrain({ controller: target.constructor, handler: descriptor.value as object }, names);
      Reflect.defineMetadata(DECLARED, true, descriptor.value as object);
      return;
    }
    for (const handler of routeHandlersOf(target as new () => unknown)) {
      if (!Reflect.hasOwnMetadata(DECLARED, handler)) constrain({ controller: target, handler }, names);
    }
  };
}

function constrain(routeHandler: RouteHandler, names: readonly string[]): void {
  const listener = [...names];
  handlers.set(listener, routeHandler);
  RouteConstraints({ listener })(routeHandler.handler as never);
}

/** The method of a controller that answers on a route, as Nest's guards are told. */
export interface RouteHandler {
  readonly controller: object;
  readonly handler: object;
}

// The list of names is all that Nest hands from a method to its route in Fastify; each method has a list of its own.
const handlers = new WeakMap<object, RouteHandler>();

/** By the constraint that `@OnListener()` made; undefined for a route that is no controller's. */
export function routeHandlerOf(constraints: unknown): RouteHandler | undefined {
  const { listener } = (constraints ?? {}) as { listener?: unknown };
  return typeof listener === 'object' && listener !== null ? handlers.get(listener) : undefined;
}

function routeHandlersOf(controller: new () => unknown): object[] {
  const prototype = controller.prototype as object;
  return Object.getOwnPropertyNames(prototype)
    .map((name) => Object.getOwnPropertyDescriptor(prototype, name)?.value as unknown)
    .filter((value): value is object => typeof value === 'function' && Reflect.hasMetadata(ROUTE_PATH, value));
}
