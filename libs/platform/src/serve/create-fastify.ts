import type { Server } from 'node:http';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { newRequestId, type Logger } from '../logging/index.js';
import { logProblem, problemFrom, sendProblem } from '../problem/index.js';
import type { AccessLog } from './access-log.js';
import { edgeRefusal } from './edge-refusal.js';
import { sendContinue } from './expect-continue.js';
import { addBodyParser } from './accept-body.js';
import { listenerConstraint, requireListeners } from './listener-constraint.js';
import { answerNotModified } from './not-modified.js';
import { parseJson } from './parse-json.js';
import { refuseForeignOrigins } from './refuse-foreign-origins.js';
import { refuseUnmatched } from './refuse-unmatched.js';
import { addSecurityHeaders, setSecurityHeaders } from './security-headers.js';
import type { ServeOptions } from './serve-options.js';

export interface FastifyOptions {
  listeners: readonly string[];
  bodyLimit: number;
  logger: Logger;
  accessLog: AccessLog;
  /** of web pages that may change something, beside those this app serves */
  allowedOrigins: readonly string[];
  refuseUrl: ServeOptions['refuseUrl'];
}

/** The HTTP engine under Nest: our ids, our router constraint, our hooks, JSON bodies only, and no log of its own. */
export function createFastify(options: FastifyOptions): FastifyInstance {
  const instance = fastify<Server>({
    logger: false,
    genReqId: newRequestId,
    requestIdHeader: false,
    trustProxy: false,
    bodyLimit: options.bodyLimit,
    routerOptions: { constraints: { listener: listenerConstraint }, maxParamLength: 256 },
    // A URL the router cannot read never reaches a hook or a filter.
    frameworkErrors: (error, request, reply) => answerUnroutable(options, error, request, reply),
  });
  instance.removeContentTypeParser(['text/plain', 'application/json']);
  addBodyParser(instance, 'application/json', parseJson);
  const routes = requireListeners(instance, options.listeners);
  instance.addHook('onRequest', (request, reply, done) => {
    options.accessLog.observe(request, reply);
    done();
  });
  instance.addHook('onRequest', (request, _reply, done) => done(options.refuseUrl?.(request.url)));
  instance.addHook('onRequest', ({ raw }, reply, done) => {
    const refusal = edgeRefusal(raw);
    // Here, because an app's own filter knows its own format and not these.
    if (refusal?.headers) void reply.headers(refusal.headers);
    done(refusal);
  });
  refuseForeignOrigins(instance, options.allowedOrigins); // A35
  refuseUnmatched(instance, routes);
  instance.addHook('preParsing', (_request, reply, _payload, done) => {
    sendContinue(reply.raw);
    done();
  });
  answerNotModified(instance);
  addSecurityHeaders(instance);
  return instance;
}

function answerUnroutable(o: FastifyOptions, error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const problem = o.refuseUrl?.(request.url) ?? problemFrom(error);
  o.accessLog.observe(request, reply);
  logProblem(o.logger, problem, request.id);
  setSecurityHeaders(request, reply);
  sendProblem(reply, problem, request.id);
}
