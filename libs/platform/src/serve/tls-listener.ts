import { createServer, type Server, type ServerOptions } from 'node:https';
import type { Logger } from '../logging/index.js';
import { HttpListener, LIMITS, type Handler } from './http-listener.js';

/** One HTTPS server. */
export class TlsListener extends HttpListener {
  private readonly secured: Server;

  constructor(at: { name: string; host: string; port: number }, tls: ServerOptions, handler: Handler, logger: Logger) {
    const secured = createServer({ ...tls, ...LIMITS });
    super(at, secured, handler, logger);
    this.secured = secured;
    secured.on('tlsClientError', (error: NodeJS.ErrnoException) => {
      logger.debug({ listener: at.name, code: error.code }, 'TLS handshake failed');
    });
  }

  /** For handshakes from now on; connections that are open stay as they are. */
  renew(tls: ServerOptions): void {
    this.secured.setSecureContext(tls);
  }
}
