import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { answerLauncher } from './answer-launcher.js';

/** What `balancer` is to be. */
export interface BalancerSettings {
  readonly kind: 'balancer';
  /** of the servers on this machine, which get one connection after the other in turn */
  readonly ports: readonly number[];
}

// It passes bytes on and knows nothing of TLS.
async function start({ ports }: BalancerSettings): Promise<{ port: number }> {
  let turn = 0;
  const server = createServer((client) => {
    const upstream = connect(ports[turn++ % ports.length]!, '127.0.0.1');
    for (const [one, other] of [[client, upstream] as const, [upstream, client] as const]) {
      one.setNoDelay(true).pipe(other);
      one.on('error', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port };
}

answerLauncher(start);
