import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '../logging/index.js';
import { boundConnections } from './bound-connections.js';
import { answerClientError, refuseTunnel } from './client-error.js';
import { holdContinue } from './expect-continue.js';
import { listen } from './listen.js';
import { markListener } from './listener-of.js';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server made by hand inherits nothing from Fastify, so every limit is said here. */
export const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // Longer than the idle time of common balancers, so that they and not we close an idle connection.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
  // Required all the same, by edgeRefusal, which answers in our format.
  requireHostHeader: false,
} satisfies ServerOptions;

/** Neither a byte in nor one out for so long: cut. The longest that a handler waits is a few seconds. */
const STALLED_MS = 30_000;

export interface Place {
  name: string;
  host: string;
  port: number;
  /** connections at once */
  connections: number;
}

/** One HTTP server, over TLS or not, what it is answering, and its connections. */
export class HttpListener {
  private readonly sockets = new Set<Socket>();
  private readonly answering = new Set<ServerResponse>();
  private draining = false;

  constructor(
    private readonly at: Place,
    private readonly server: Server,
    handler: Handler,
    logger: Logger,
  ) {
    // What Node would answer by itself is a request like any other: it is the handler that refuses.
    for (const event of ['request', 'checkContinue', 'checkExpectation'] as const) {
      this.server.on(event, (request: IncomingMessage, response: ServerResponse) => {
        if (event === 'checkContinue') holdContinue(response);
        this.accept(request, response, handler);
      });
    }
    this.server.on('connect', (_request, socket) => refuseTunnel(logger, at.name, socket));
    // The sockets below TLS: one that never finished or never used its handshake is unknown to the HTTP server.
    this.server.on('connection', (socket: Socket) => this.track(socket));
    this.server.on('clientError', (error, socket) => answerClientError(logger, at.name, error, socket));
    boundConnections(server, at.connections, { name: at.name, logger });
    // None is counted without being seen: edgeRefusal counts.
    server.maxHeadersCount = 0;
    server.timeout = STALLED_MS;
  }

  get name(): string {
    return this.at.name;
  }

  async listen(logger: Logger): Promise<{ host: string; port: number }> {
    const address = await listen(this.server, this.at);
    this.server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.syscall !== 'accept') logger.error({ listener: this.at.name, err: error }, 'listener failed');
    });
    return address;
  }

  /** Still accepts, but every answer from now on ends its connection. */
  drain(): void {
    this.draining = true;
    for (const response of this.answering) endConnectionWith(response);
  }

  /** Accepts nothing more; settles when the last connection has ended. */
  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  closeIdle(): void {
    this.server.closeIdleConnections();
  }

  /** Cuts every connection that is left and says how many that were. */
  destroy(): number {
    const left = this.sockets.size;
    for (const socket of this.sockets) socket.destroy();
    return left;
  }

  private accept(request: IncomingMessage, response: ServerResponse, handler: Handler): void {
    this.answering.add(response);
    response.once('close', () => this.answering.delete(response));
    if (this.draining) endConnectionWith(response);
    markListener(request, this.at.name);
    handler(request, response);
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }
}

// Node writes `Connection: close` for it, whoever sends the answer.
function endConnectionWith(response: ServerResponse): void {
  if (!response.headersSent) response.shouldKeepAlive = false;
}
