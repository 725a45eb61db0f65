import type { FastifyInstance } from 'fastify';
import { Problem } from '../problem/index.js';
import { listenerOf } from './listener-of.js';
import type { DeclaredRoute } from './listener-constraint.js';

interface Matcher extends DeclaredRoute {
  path: RegExp;
}

/**
 * 404 for a path that this listener does not serve, 405 with `Allow` for a path it serves by other methods. Decided
 * before any body is read, and thrown, so that whichever exception filter is installed writes the answer.
 */
export function refuseUnmatched(fastify: FastifyInstance, routes: readonly DeclaredRoute[]): void {
  let matchers: Matcher[] | undefined;
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (!request.is404) return done();
    matchers ??= routes.map((route) => ({ ...route, path: patternOf(route.url) }));
    done(refusal(allowedMethods(matchers, request.url, listenerOf(request))));
  });
}

function refusal(allowed: readonly string[]): Problem {
  if (allowed.length === 0) return new Problem({ status: 404, code: 'not_found', detail: 'There is nothing here.' });
  const allow = allowed.join(', ');
  const detail = `This method is not allowed here; allowed: ${allow}.`;
  return new Problem({ status: 405, code: 'method_not_allowed', detail, headers: { allow } });
}

function allowedMethods(matchers: readonly Matcher[], url: string, listener: string | undefined): string[] {
  const path = url.split(/[?#]/, 1)[0] ?? '';
  const matching = matchers.filter(
    (route) => listener !== undefined && route.listeners.includes(listener) && route.path.test(path),
  );
  return [...new Set(matching.flatMap((route) => route.methods))].sort();
}

// find-my-way's syntax as far as it is used: `:name` up to the next slash, `*` for the rest.
function patternOf(url: string): RegExp {
  const source = url
    .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/:[^/]+/g, '[^/]+')
    .replaceAll('*', '.*');
  return new RegExp(`^${source}$`);
}
