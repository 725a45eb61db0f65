import type { IncomingMessage, Server } from 'node:http';
import type { FastifyInstance, FastifyRequest, FastifyServerOptions, RouteOptions } from 'fastify';
import { listenerOf } from './listener-of.js';
import { routeHandlerOf, type RouteHandler } from './on-listener.js';

type Constraints = NonNullable<NonNullable<FastifyServerOptions<Server>['routerOptions']>['constraints']>;
type Names = string | readonly string[];

/** find-my-way's constraint `listener`: a route matches only requests that came in by a listener it names. */
export const listenerConstraint = {
  name: 'listener',
  // A request always has a listener, so a route without the constraint never matches: deny by default.
  mustMatchWhenDerived: true,
  storage: namesToRoutes,
  deriveConstraint: (request: IncomingMessage) => listenerOf(request),
  validate(value: unknown): void {
    if (typeof value !== 'string' && !Array.isArray(value))
      throw new TypeError('the constraint "listener" is a name or a list of names');
  },
} as unknown as Constraints[string];

// The values are find-my-way's bit sets of route indexes, so a name that stands in two lists keeps both.
function namesToRoutes() {
  const routes = new Map<string, number>();
  return {
    get: (names: Names) => (typeof names === 'string' ? (routes.get(names) ?? null) : null),
    set: (names: Names, bits: number) =>
      listOf(names).forEach((name) => routes.set(name, (routes.get(name) ?? 0) | bits)),
    del: (names: Names) => listOf(names).forEach((name) => routes.delete(name)),
    empty: () => routes.clear(),
  };
}

function listOf(names: Names): readonly string[] {
  return typeof names === 'string' ? [names] : names;
}

/** A route as the router knows it. */
export interface DeclaredRoute {
  methods: readonly string[];
  url: string;
  listeners: readonly string[];
}

/**
 * Makes the boot fail for a route that declares no listener, one that does not exist, or one where the same method
 * and path already has a handler. Returns the list of routes, which grows while the app is put together.
 */
export function requireListeners(fastify: FastifyInstance, known: readonly string[]): readonly DeclaredRoute[] {
  const routes: DeclaredRoute[] = [];
  fastify.addHook('onRoute', (route) => {
    const declared = declarationOf(route, known);
    // Fastify adds HEAD to every GET and drops its own duplicate silently.
    const overlapping = routes.find((other) => overlap(declared, other));
    if (overlapping) throw new TypeError(`Route ${nameOf(route)} has two handlers on one listener`);
    routes.push(declared);
    const handledBy = routeHandlerOf(route.constraints);
    if (handledBy) route.config = { ...route.config, handledBy } as RouteOptions['config'];
  });
  return routes;
}

/** The controller's method that this request will reach; undefined where no controller answers. */
export function handlerFor({ routeOptions }: FastifyRequest): RouteHandler | undefined {
  return (routeOptions.config as { handledBy?: RouteHandler } | undefined)?.handledBy;
}

function declarationOf(route: RouteOptions, known: readonly string[]): DeclaredRoute {
  const names = (route.constraints as { listener?: Names } | undefined)?.listener;
  if (names === undefined || names.length === 0) {
    throw new TypeError(`Route ${nameOf(route)} declares no listener: add @OnListener() to its method or controller`);
  }
  const unknown = listOf(names).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new TypeError(`Route ${nameOf(route)} names the listener "${unknown.join('", "')}", which is not served`);
  }
  return { methods: [route.method].flat(), url: route.url, listeners: listOf(names) };
}

function overlap(one: DeclaredRoute, other: DeclaredRoute): boolean {
  return (
    one.url === other.url &&
    one.methods.some((method) => method !== 'HEAD' && other.methods.includes(method)) &&
    one.listeners.some((name) => other.listeners.includes(name))
  );
}

function nameOf(route: RouteOptions): string {
  return `${[route.method].flat().join('|')} ${route.url}`;
}
