import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Logger } from '../logging/index.js';
import { answerClientError } from './client-error.js';
import { listen } from './listen.js';
import { markListener } from './listener-of.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

// A server made by hand inherits nothing from Fastify, so every limit is said here.
const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // Longer than the idle time of common balancers, so that they and not we close an idle connection.
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
  // Required all the same, by a hook that answers in our format.
  requireHostHeader: false,
} satisfies ServerOptions;

/** One HTTPS server, what it is answering, and its connections. */
export class TlsListener {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly answering = new Set<ServerResponse>();
  private draining = false;

  constructor(
    private readonly at: { name: string; host: string; port: number },
    tls: ServerOptions,
    handler: Handler,
    logger: Logger,
  ) {
    this.server = createServer({ ...tls, ...LIMITS }, (request, response) => this.accept(request, response, handler));
    // The sockets below TLS: one that never finished or never used its handshake is unknown to the HTTP server.
    this.server.on('connection', (socket: Socket) => this.track(socket));
    this.server.on('clientError', (error, socket) => answerClientError(logger, at.name, error, socket));
    this.server.on('tlsClientError', (error: NodeJS.ErrnoException) => {
      logger.debug({ listener: at.name, code: error.code }, 'TLS handshake failed');
    });
  }

  get name(): string {
    return this.at.name;
  }

  async listen(logger: Logger): Promise<{ host: string; port: number }> {
    const address = await listen(this.server, this.at);
    this.server.on('error', (error) => logger.error({ listener: this.at.name, err: error }, 'listener failed'));
    return address;
  }

  /** For handshakes from now on; connections that are open stay as they are. */
  renew(tls: ServerOptions): void {
    this.server.setSecureContext(tls);
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
