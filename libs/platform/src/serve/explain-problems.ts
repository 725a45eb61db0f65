import type { FastifyInstance, RouteOptions } from 'fastify';
import { PLATFORM_PROBLEMS, Problem, type ProblemTable } from '../problem/index.js';

type RouteConstraint = NonNullable<RouteOptions['constraints']> & Record<string, unknown>;

/**
 * `GET /problems/{code}`: what `type` of a problem leads to, on every listener, because the `type` is relative to the
 * address that was called. Open to everybody: callers without a token need it most. The route is Fastify's, no guard sees
 * it. // A33
 * @param own the codes of the app, or more about one of the platform's
 */
export function explainProblems(
  fastify: FastifyInstance,
  { listeners, own = {} }: { listeners: readonly string[]; own?: ProblemTable | undefined },
): void {
  const table = new Map(Object.entries({ ...PLATFORM_PROBLEMS, ...own }));
  const constraints: RouteConstraint = { listener: [...listeners] };
  fastify.get<{ Params: { code: string } }>('/problems/:code', { constraints }, (request, reply) => {
    const { code } = request.params;
    const entry = table.get(code);
    if (!entry) throw new Problem({ status: 404, code: 'not_found', detail: 'No problem has this code.' });
    const { title, status, explanation } = entry;
    return reply.header('cache-control', 'no-cache').send({ code, title, status, explanation });
  });
}
