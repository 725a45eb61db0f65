import { once } from 'node:events';
import { connect } from 'node:tls';
import type { Issued } from '@partner-ecosystem/test-pki';
import { BenchError } from '../bench-error.js';
import { measureBurst, type Burst, type Burstable, type ServerProcess } from '../loaded-server.js';

/** So many at a time: enough that the server never waits for the generator's half of a handshake. */
const AT_ONCE = 8;

export type HandshakeIdentity = Pick<Issued, 'chainPem' | 'privateKeyPem'>;

/** A server to which connections are opened and closed: a full mTLS handshake each, and no request. */
export class Handshakes implements Burstable {
  private turn = 0;

  constructor(
    private readonly server: ServerProcess,
    private readonly identities: readonly HandshakeIdentity[],
    private readonly ca: string,
  ) {}

  /** `each` connections of each identity. A "request" is one connection. */
  burst(each: number, awake = true): Promise<Burst> {
    return measureBurst(this.server.child, awake, async () => {
      let left = each * this.identities.length;
      const all = left;
      const work = async (): Promise<void> => {
        while (left-- > 0) await this.one();
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return all;
    });
  }

  async residentBytes(): Promise<number> {
    return (await this.server.child.usage()).residentBytes;
  }

  stop(): Promise<void> {
    return this.server.child.stop();
  }

  /** Over only when the server has closed it too, which it does after it has read the client's certificate. */
  private async one(): Promise<void> {
    const { chainPem: cert, privateKeyPem: key } = this.identities[this.turn++ % this.identities.length]!;
    const { port } = this.server;
    const socket = connect({
      host: '127.0.0.1',
      port,
      servername: 'localhost',
      ca: this.ca,
      cert,
      key,
      minVersion: 'TLSv1.3',
      ecdhCurve: 'P-256',
    });
    try {
      await once(socket, 'secureConnect');
      socket.resume().end();
      await once(socket, 'close');
    } catch (error) {
      throw new BenchError('request_failed', 'a handshake failed', { cause: error });
    }
  }
}
