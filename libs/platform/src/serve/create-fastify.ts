import type { Server } from 'node:http';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { newRequestId, type Logger } from '../logging/index.js';
import { logProblem, problemFrom, sendProblem } from '../problem/index.js';
import type { AccessLog } from './access-log.js';
import { listenerConstraint, requireListeners } from './listener-constraint.js';
import { refuseUnmatched } from './refuse-unmatched.js';
import { requireHost } from './require-host.js';
import { addSecurityHeaders, setSecurityHeaders } from './security-headers.js';

export interface FastifyOptions {
  listeners: readonly string[];
  bodyLimit: number;
  logger: Logger;
  accessLog: AccessLog;
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
  instance.removeContentTypeParser('text/plain');
  const routes = requireListeners(instance, options.listeners);
  instance.addHook('onRequest', (request, reply, done) => {
    options.accessLog.observe(request, reply);
    done();
  });
  requireHost(instance);
  refuseUnmatched(instance, routes);
  addSecurityHeaders(instance);
  return instance;
}

function answerUnroutable(o: FastifyOptions, error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemFrom(error);
  o.accessLog.observe(request, reply);
  logProblem(o.logger, problem, request.id);
  setSecurityHeaders(request, reply);
  sendProblem(reply, problem, request.id);
}
