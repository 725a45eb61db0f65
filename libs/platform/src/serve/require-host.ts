import type { FastifyInstance } from 'fastify';
import { Problem } from '../problem/index.js';

/** RFC 9112 section 3.2: an HTTP/1.1 request without Host is refused with 400. Node's own refusal has no body. */
export function requireHost(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ raw, headers }, _reply, done) => {
    if (headers.host !== undefined || raw.httpVersion !== '1.1') return done();
    done(new Problem({ status: 400, code: 'malformed_request', detail: 'The Host header is missing.' }));
  });
}
