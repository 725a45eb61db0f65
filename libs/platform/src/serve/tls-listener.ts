import { createServer, type Server, type ServerOptions } from 'node:https';
import type { Logger } from '../logging/index.js';
import { HttpListener, LIMITS, type Handler } from './http-listener.js';
import type { Listener } from './listener.js';
import { acceptProxied } from './proxy-protocol/accept-proxied.js';

const PROXY_HEADER_TIMEOUT_MS = 10_000;

/** One HTTPS server. */
export class TlsListener extends HttpListener {
  private readonly secured: Server;

  constructor(
    at: Pick<Listener, 'name' | 'host' | 'port' | 'proxyProtocolFrom'>,
    tls: ServerOptions,
    handler: Handler,
    logger: Logger,
  ) {
    const secured = createServer({ ...tls, ...LIMITS });
    const { name, proxyProtocolFrom: from } = at;
    if (from) acceptProxied(secured, { from, timeoutMs: PROXY_HEADER_TIMEOUT_MS, name, logger });
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
