import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import type { Issued } from '@partner-ecosystem/test-pki';
import { BenchError } from './bench-error.js';

const END_OF_HEAD = '\r\n\r\n';

/**
 * One mTLS connection that sends a request after the other and looks at no more of an answer than it must: so it costs the
 * generator a fraction of what the server spends.
 */
export class KeptAliveConnection {
  private received = '';
  private settle: { resolve(): void; reject(error: Error): void } | undefined;
  private failure: BenchError | undefined;

  private constructor(private readonly socket: TLSSocket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('error', (error) => this.fail(error.message));
    socket.on('close', () => this.fail('the server closed the connection'));
  }

  static async open(
    port: number,
    partner: Pick<Issued, 'chainPem' | 'privateKeyPem'>,
    ca: string,
  ): Promise<KeptAliveConnection> {
    const socket = connect({
      host: '127.0.0.1',
      port,
      servername: 'localhost',
      ca,
      cert: partner.chainPem,
      key: partner.privateKeyPem,
      minVersion: 'TLSv1.3',
      ecdhCurve: 'P-256',
    });
    await once(socket, 'secureConnect');
    return new KeptAliveConnection(socket);
  }

  /**
   * Resolves when the whole answer is there.
   * @throws BenchError `request_failed` unless it is a 200
   */
  send(request: string): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
      this.socket.write(request, 'latin1');
    });
  }

  /** The server or the network ended it, or an answer was not as it should be. */
  get hasFailed(): boolean {
    return this.failure !== undefined;
  }

  close(): void {
    this.settle = undefined;
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received += chunk.toString('latin1');
    const head = this.received.indexOf(END_OF_HEAD);
    if (head < 0) return;
    const [, length] = /\r\ncontent-length: (\d+)\r\n/i.exec(this.received) ?? [];
    if (length === undefined) return this.fail(`an answer without Content-Length: ${this.received}`);
    if (this.received.length < head + END_OF_HEAD.length + Number(length)) return;
    const answer = this.received;
    this.received = '';
    if (!answer.startsWith('HTTP/1.1 200 ')) return this.fail(`not 200: ${answer}`);
    const { settle } = this;
    this.settle = undefined;
    settle?.resolve();
  }

  private fail(why: string): void {
    const { settle } = this;
    this.settle = undefined;
    this.failure ??= new BenchError('request_failed', why);
    settle?.reject(this.failure);
  }
}
