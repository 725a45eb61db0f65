import { request, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Identity } from '../../stack/admin/https-client.js';

export interface DirectCall {
  /** of a container, with no proxy between */
  host: string;
  port: number;
  /** the name in the app's certificate */
  servername: string;
  serverCa: string;
  path: string;
  identity?: Identity | undefined;
  headers: Record<string, string>;
  form?: Record<string, string>;
  /** used instead of a connection of its own */
  socket?: Duplex;
}

/** The status of the answer. Errors: those of the connection. */
export function askDirectly({ serverCa, identity, form, socket, ...call }: DirectCall): Promise<number> {
  const body = form && new URLSearchParams(form).toString();
  const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  const options: RequestOptions & { socket?: Duplex } = {
    host: call.host,
    port: call.port,
    servername: call.servername,
    path: call.path,
    ca: serverCa,
    agent: false,
    ...(identity && { cert: identity.chainPem, key: identity.privateKeyPem }),
    ...(socket && { socket }),
    method: body === undefined ? 'GET' : 'POST',
    headers: { host: call.servername, ...type, ...call.headers },
    timeout: 60_000,
  };
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.end(body);
  });
}
