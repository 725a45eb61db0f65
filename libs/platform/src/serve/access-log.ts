import type { TLSSocket } from 'node:tls';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestMetrics } from '../health/index.js';
import { requestIdOf, type Logger } from '../logging/index.js';
import { listenerOf } from './listener-of.js';
import { remoteAddressOf } from './remote-address.js';

const LONGEST_TEXT = 200;
// The status nginx made known for a client that went away before its answer was complete.
const CLIENT_GONE = 499;

/** Writes one line and one measurement per request, when its answer has ended or its connection is gone. */
export class AccessLog {
  constructor(
    private readonly logger: Logger,
    private readonly metrics: RequestMetrics,
  ) {}

  observe(request: FastifyRequest, reply: FastifyReply): void {
    const started = performance.now();
    const socket = request.raw.socket as TLSSocket;
    const connection = { remote_address: remoteAddressOf(request), tls: socket.getProtocol?.() ?? undefined };
    reply.raw.once('close', () => this.record(request, reply, connection, (performance.now() - started) / 1000));
  }

  private record(request: FastifyRequest, reply: FastifyReply, connection: object, seconds: number): void {
    const listener = listenerOf(request) ?? 'none';
    const route = (request.is404 ? undefined : request.routeOptions.url) ?? 'unmatched';
    const status = reply.raw.writableFinished ? reply.raw.statusCode : CLIENT_GONE;
    this.metrics.record({ method: request.method, route, status, listener, seconds });
    this.logger.info(
      {
        request_id: requestIdOf(request),
        listener,
        method: request.method,
        // Never the query: whoever puts a secret there must not find it in our log as well.
        path: request.url.split('?', 1)[0]?.slice(0, LONGEST_TEXT),
        route,
        status,
        duration_ms: Math.round(seconds * 1e6) / 1e3,
        ...connection,
        user_agent: request.headers['user-agent']?.slice(0, LONGEST_TEXT),
      },
      'request',
    );
  }
}
