import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { JWK } from 'jose';
import type { ServerIdentity } from '../testing/index.js';

/** A real server of a key set that counts who asks. */
export interface JwksServer {
  readonly uri: string;
  /** how often it was asked since the start */
  readonly asked: number;
  /** what it answers with from now on; default 200 */
  status: number;
  close(): Promise<void>;
}

export async function startJwksServer(identity: ServerIdentity, keys: readonly JWK[]): Promise<JwksServer> {
  const body = JSON.stringify({ keys });
  const state = { asked: 0, status: 200 };
  const server = createServer({ cert: identity.chainPem, key: identity.privateKeyPem }, (_, response) => {
    state.asked += 1;
    response.writeHead(state.status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const uri = `https://localhost:${(server.address() as AddressInfo).port}/jwks`;
  return {
    uri,
    get asked() {
      return state.asked;
    },
    get status() {
      return state.status;
    },
    set status(status) {
      state.status = status;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
