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
      constrain(descriptor.value as object, names);
      Reflect.defineMetadata(DECLARED, true, descriptor.value as object);
      return;
    }
    for (const handler of routeHandlersOf(target as new () => unknown)) {
      if (!Reflect.hasOwnMetadata(DECLARED, handler)) constrain(handler, names);
    }
  };
}

function constrain(handler: object, names: readonly string[]): void {
  RouteConstraints({ listener: [...names] })(handler as never);
}

function routeHandlersOf(controller: new () => unknown): object[] {
  const prototype = controller.prototype as object;
  return Object.getOwnPropertyNames(prototype)
    .map((name) => Object.getOwnPropertyDescriptor(prototype, name)?.value as unknown)
    .filter((value): value is object => typeof value === 'function' && Reflect.hasMetadata(ROUTE_PATH, value));
}
