import { constants } from 'node:crypto';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** PEM. */
export interface ServerPem {
  readonly chainPem: string;
  readonly privateKeyPem: string;
}

/**
 * A bare `node:https` server that asks for a certificate, with the TLS the product speaks: no session tickets, which would
 * cost each handshake more.
 * @param ca PEM of the authority of clients, where the server itself is to judge them
 */
export async function listenTls(server: ServerPem, answer: RequestListener, ca?: string): Promise<{ port: number }> {
  const https = createServer(
    {
      cert: server.chainPem,
      key: server.privateKeyPem,
      ca: ca ?? [],
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
      keepAliveTimeout: 600_000,
    },
    answer,
  );
  https.listen(0, '127.0.0.1');
  await once(https, 'listening');
  return { port: (https.address() as AddressInfo).port };
}
