import { documentLater } from './documentation-decorators.js';

/** Where a decorator leaves codes for the document, which has none of these members in the end. */
export const REFUSALS = 'x-refusals-';

let decorators = 0;

/**
 * The codes that a route is refused with, as the app's table of problems has them: the document finds status, title and an
 * example there. Several of these on one route add up. What the guard and the engine refuse every route with needs no
 * mention.
 */
export function ApiRefusals(...codes: readonly string[]): MethodDecorator & ClassDecorator {
  const name = `${REFUSALS}${String((decorators += 1))}`;
  return documentLater(({ ApiExtension }) => ApiExtension(name, codes));
}
