import { createServer, type Server, type ServerOptions } from 'node:https';
import type { Logger } from '../logging/index.js';
import { HttpListener, LIMITS, type Handler, type Place } from './http-listener.js';
import type { Listener } from './listener.js';
import { acceptProxied } from './proxy-protocol/accept-proxied.js';

const PROXY_HEADER_TIMEOUT_MS = 10_000;

/** One HTTPS server. */
export class TlsListener extends HttpListener {
  private readonly secured: Server;

  constructor(at: Place & Pick<Listener, 'proxyProtocolFrom'>, tls: ServerOptions, handler: Handler, logger: Logger) {
    const secured = createServer({ ...tls, ...LIMITS });
    const { name, proxyProtocolFrom: from } = at;
    if (from) acceptProxied(secured, { from, timeoutMs: PROXY_HEADER_TIMEOUT_MS, name, logger });
    super(at, secured, handler, logger);
    this.secured = secured;
    // Node hands a failed handshake to `clientError`, as if there were somebody to talk HTTP to: an answer would wait for
    // a handshake that never ends, and its connection with it.
    secured.removeAllListeners('tlsClientError');
    secured.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      socket.destroy(); // T8
      logger.debug({ listener: at.name, code: error.code }, 'TLS handshake failed');
    });
  }

  /** For handshakes from now on; connections that are open stay as they are. */
  renew(tls: ServerOptions): void {
    this.secured.setSecureContext(tls);
  }
}
