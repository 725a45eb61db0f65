import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Identity } from '../../stack/admin/https-client.js';
import type { AppName } from '../../stack/topology.js';

/** One listener of one app. */
export interface Target {
  app: AppName;
  listener: 'tls' | 'mtls' | 'management' | 'http';
  port: number;
}

/** What bad callers have: nothing that anybody registered. */
export interface BadCallerKit {
  serverCa: string;
  stranger: Identity;
}

/** What a bad caller does once it has sent what it sends. */
export type Ending =
  /** stays until the server ends it */
  | 'stays'
  /** says that it has nothing more to send, and stays */
  | 'half_closes'
  | 'resets'
  /** goes with the first byte of an answer */
  | 'goes_when_answered'
  /** stays for a while and reads nothing */
  | 'reads_nothing';

export interface BadKind {
  name: string;
  /** `tcp`: without a handshake, where one is wanted too */
  over: 'tcp' | 'http';
  /** shows a certificate that nobody registered */
  stranger?: boolean;
  bytes: (target: Target) => string | Buffer;
  ending: Ending;
}

/** Longer than any time limit of the server. */
const LONGEST_STAY_MS = 150_000;
const UNREAD_MS = 5_000;

/** One bad connection, from its beginning to its end. Rejects when the server lets it stand. */
export async function behaveBadly(kind: BadKind, target: Target, kit: BadCallerKit): Promise<void> {
  const socket = open(kind, target, kit);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  const timer = setTimeout(() => socket.destroy(new Error('let stand')), LONGEST_STAY_MS);
  socket.once('error', () => undefined);
  const stood = new Promise<boolean>((resolve) => {
    socket.on('error', (error) => error.message === 'let stand' && resolve(true));
    void closed.then(() => resolve(false));
  });
  const begun = await Promise.race([beginning(socket, kind, target), closed.then(() => false)]);
  if (begun) end(socket, kind, target);
  const letStand = await stood;
  clearTimeout(timer);
  if (letStand) throw new Error(`${kind.name} on ${target.app} ${target.listener}: let stand`);
}

function isSecured({ listener }: Target): boolean {
  return listener === 'tls' || listener === 'mtls';
}

function open(kind: BadKind, target: Target, { serverCa, stranger }: BadCallerKit): Socket {
  if (kind.over === 'tcp' || !isSecured(target)) return connectTcp(target.port, '127.0.0.1');
  const shown = kind.stranger === true && { cert: stranger.chainPem, key: stranger.privateKeyPem };
  return connectTls({ host: '127.0.0.1', servername: 'localhost', port: target.port, ca: serverCa, ...shown });
}

async function beginning(socket: Socket, kind: BadKind, target: Target): Promise<boolean> {
  const event = kind.over === 'tcp' || !isSecured(target) ? 'connect' : 'secureConnect';
  return once(socket, event).then(
    () => true,
    () => false,
  );
}

function end(socket: Socket, { bytes, ending }: BadKind, target: Target): void {
  const sent = bytes(target);
  if (ending === 'reads_nothing') {
    socket.pause();
    const gone = setTimeout(() => socket.destroy(), UNREAD_MS);
    socket.once('close', () => clearTimeout(gone));
  } else socket.resume();
  if (ending === 'goes_when_answered') socket.once('data', () => socket.destroy());
  if (ending === 'half_closes') socket.end(sent);
  else if (sent.length > 0) socket.write(sent);
  if (ending === 'resets') setImmediate(() => socket.destroy());
}
