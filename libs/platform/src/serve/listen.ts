import type { Server } from 'node:net';
import { ListenError } from './listen-error.js';

/** Opens the server's socket. Throws ListenError. */
export function listen(
  server: Server,
  at: { name: string; host: string; port: number },
): Promise<{ host: string; port: number }> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => reject(new ListenError(at, error));
    server.once('error', refuse);
    server.listen({ host: at.host, port: at.port }, () => {
      server.removeListener('error', refuse);
      const address = server.address();
      resolve(typeof address === 'object' && address ? { host: address.address, port: address.port } : at);
    });
  });
}
