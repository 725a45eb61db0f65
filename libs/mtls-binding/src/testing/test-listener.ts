import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { ServerIdentity } from './test-issuer.js';

export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** An HTTPS listener on loopback that can go away and come back on the port it had. */
export class TestListener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #away = false;

  constructor(identity: ServerIdentity) {
    const tls = { cert: identity.chainPem, key: identity.privateKeyPem, requestCert: true, rejectUnauthorized: false };
    this.#server = createServer(tls);
    this.#server.on('connection', (socket: Socket) => this.#accept(socket));
    this.#server.on('tlsClientError', () => undefined); // a client that went away or does not trust us
  }

  async listen(): Promise<number> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  answerWith(answer: Answer): void {
    this.#server.on('request', (request, response) => {
      answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  // The port stays taken while we are away, so that nobody else gets it: a connection is closed as soon as it is made.
  leave(): void {
    this.#away = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  comeBack(): void {
    this.#away = false;
  }

  async close(): Promise<void> {
    this.leave();
    if (!this.#server.listening) return;
    await once(this.#server.close(), 'close');
  }

  #accept(socket: Socket): void {
    if (this.#away) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
