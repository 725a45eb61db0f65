import { BlockList, isIP, type Socket } from 'node:net';
import type { Server } from 'node:tls';
import type { Logger } from '../../logging/index.js';
import { rememberSource } from '../remote-address.js';
import type { ProxyHeaderError } from './proxy-header-error.js';
import type { ProxiedSource } from './proxy-header.js';
import { readProxyHeader } from './read-proxy-header.js';

export interface AcceptProxiedOptions {
  /** CIDR: whose connections begin with a header. They must, and nobody else's may */
  from: readonly string[];
  timeoutMs: number;
  /** of the listener */
  name: string;
  logger: Logger;
}

type Listener = (socket: Socket) => void;

/**
 * Lets balancers in these ranges say, by the PROXY protocol, version 2, for whom they connect; `remoteAddressOf` then
 * gives that address. A header from anybody else is bytes that TLS cannot read. Call it right after the server was made.
 * Does not check: what the balancer says.
 */
export function acceptProxied(server: Server, options: AcceptProxiedOptions): void {
  const balancers = rangesOf(options.from);
  const sources = new Map<string, ProxiedSource>();
  // What begins TLS: the server's own listeners, which wait until the header is out of the way.
  const begin = server.listeners('connection') as Listener[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const start = (): void => begin.forEach((listener) => listener.call(server, socket));
    if (!isIn(balancers, socket.remoteAddress)) return start();
    const key = keyOf(socket);
    // Nobody else listens yet, and an error without a listener ends the process.
    socket.on('error', () => undefined);
    readProxyHeader(socket, options.timeoutMs).then(
      (source) => {
        if (source) {
          sources.set(key, source);
          socket.once('close', () => sources.delete(key));
        }
        start();
      },
      (error: ProxyHeaderError) => refuse(socket, error, options),
    );
  });
  // The TLS socket shows the balancer's address and port, which no other open connection has.
  server.prependListener('secureConnection', (socket) => {
    const source = sources.get(keyOf(socket));
    if (source) rememberSource(socket, source.address);
  });
}

function refuse(socket: Socket, error: ProxyHeaderError, { logger, name }: AcceptProxiedOptions): void {
  const { remoteAddress: balancer } = socket;
  // A probe that only opens and closes is what simple health checks do.
  const level = error.code === 'proxy_header_missing' ? 'debug' : 'warn';
  logger[level]({ listener: name, balancer, code: error.code }, 'connection refused');
  socket.destroy();
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function rangesOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/');
    list.addSubnet(network, Number(prefix), isIP(network) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

function isIn(list: BlockList, address: string | undefined): boolean {
  if (address === undefined) return false;
  // a listener on `::` sees 10.0.0.1 as ::ffff:10.0.0.1
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}
