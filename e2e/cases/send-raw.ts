import { connect } from 'node:tls';
import type { Issued } from '@partner-ecosystem/test-pki';

export interface RawRequest {
  readonly url: string;
  readonly ca: string;
  readonly identity: Issued;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const PATIENCE_MS = 60_000;

/** A POST with exactly these header fields, which an HTTP client would not send. */
export function sendRaw({ url, ca, identity, headers, body }: RawRequest): Promise<{ status: string; text: string }> {
  const { hostname, port, host, pathname } = new URL(url);
  const fields = { host, connection: 'close', ...headers };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  const { chainPem: cert, privateKeyPem: key } = identity;
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect({ host: hostname, port: Number(port), servername: hostname, ca, cert, key }, () => {
      socket.write(`POST ${pathname} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`);
      socket.write(body);
    });
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`no answer from ${url}`)));
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.on('error', (error) => (received === '' ? reject(error) : undefined));
    socket.on('close', () => {
      const [start = '', ...rest] = received.split('\r\n\r\n');
      resolve({ status: /^HTTP\/1\.1 (\d{3})/.exec(start)?.[1] ?? 'none', text: rest.join('\r\n\r\n').trim() });
    });
  });
}
