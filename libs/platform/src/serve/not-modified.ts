import type { FastifyInstance } from 'fastify';
import { namesTag } from './entity-tags.js';

/** RFC 9110 section 13.1.2: who has what a GET would show is told 304, on every route that shows an ETag. */
export function answerNotModified(fastify: FastifyInstance): void {
  fastify.addHook('onSend', ({ method, headers }, reply, payload, done) => {
    const known = headers['if-none-match'];
    const tag = reply.getHeader('etag');
    const isRead = (method === 'GET' || method === 'HEAD') && reply.statusCode === 200;
    if (!isRead || known === undefined || typeof tag !== 'string' || !namesTag(known, tag)) return done(null, payload);
    void reply.code(304).removeHeader('content-type').removeHeader('content-length');
    done(null, method === 'HEAD' ? payload : null); // of HEAD its length is shown
  });
}
