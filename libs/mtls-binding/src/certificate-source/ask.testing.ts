import { createHash } from 'node:crypto';
import { createServer as createHttpServer, request as httpRequest, Agent, type RequestListener } from 'node:http';
import { createServer as createHttpsServer, request as httpsRequest, Agent as HttpsAgent } from 'node:https';
import type { AddressInfo, ListenOptions, Server } from 'node:net';
import type { ServerIdentity } from '../testing/index.js';
import { RefusedError } from '../protocol/errors.js';
import type { CertificateSource } from './certificate-source.js';

/** What a certificate source said of one request. */
export interface Said {
  status: number;
  /** of the evidence; null: no certificate */
  thumbprint?: string | null;
  source?: string;
  /** what came along with it, SHA-256 of each */
  along?: string[];
  code?: string;
  check?: string;
  publicText?: string;
  reason?: string;
  /** over a connection that was there before */
  reused: boolean;
}

/** Name, value, name, value: as sent, so that one name can come twice. */
export type RawHeaders = readonly string[];

export interface Listening {
  port: number;
  close(): Promise<void>;
}

/** A server whose every answer is what the source says of the request. */
export async function listenWith(
  source: CertificateSource,
  { identity, at = { port: 0, host: '127.0.0.1' } }: { identity?: ServerIdentity; at?: ListenOptions } = {},
): Promise<Listening> {
  const answer: RequestListener = (request, response) => response.end(JSON.stringify(saidOf(source, request)));
  const server: Server & { closeAllConnections(): void } = identity
    ? createHttpsServer(
        { cert: identity.chainPem, key: identity.privateKeyPem, requestCert: true, rejectUnauthorized: false, ca: [] },
        answer,
      )
    : createHttpServer(answer);
  await new Promise<void>((resolve) => server.listen(at, resolve));
  const address = server.address() as AddressInfo | string;
  return {
    port: typeof address === 'string' ? 0 : address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function saidOf(source: CertificateSource, request: Parameters<RequestListener>[0]): Omit<Said, 'reused'> {
  try {
    const evidence = source.evidenceOf(request);
    if (!evidence) return { status: 200, thumbprint: null };
    const along = (evidence.intermediates ?? []).map((der) => createHash('sha256').update(der).digest('base64url'));
    return { status: 200, thumbprint: evidence.thumbprint, source: evidence.source, along };
  } catch (error) {
    if (!(error instanceof RefusedError)) return { status: 500, reason: String(error) };
    const { status, code, check, publicText, message: reason } = error;
    return { status, code, check, publicText, reason };
  }
}

interface Question {
  port?: number;
  socketPath?: string;
  localAddress?: string;
  host?: string;
  agent?: Agent | HttpsAgent | false;
  tls?: { ca: string; as?: ServerIdentity | undefined };
  headers?: RawHeaders;
}

export function ask({ tls, headers = [], ...rest }: Question): Promise<Said> {
  const options = { host: '127.0.0.1', agent: false as const, ...rest, headers: ['Host', 'localhost', ...headers] };
  const identity = tls?.as ? { cert: tls.as.chainPem, key: tls.as.privateKeyPem } : {};
  return new Promise((resolve, reject) => {
    const request = tls
      ? httpsRequest({ ...options, host: 'localhost', ca: tls.ca, ...identity })
      : httpRequest(options);
    request.once('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        const said = response.statusCode === 200 ? (JSON.parse(text) as Said) : { status: response.statusCode! };
        resolve({ ...said, reused: request.reusedSocket });
      });
    });
    request.once('error', reject).end();
  });
}
