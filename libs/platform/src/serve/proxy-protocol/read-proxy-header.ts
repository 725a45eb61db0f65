import type { Socket } from 'node:net';
import { ProxyHeaderError } from './proxy-header-error.js';
import { FIXED_BYTES, restOf, sourceIn, type ProxiedSource } from './proxy-header.js';

/**
 * Takes exactly the header from a connection; what follows it stays in the socket for whoever reads next.
 * Rejects with ProxyHeaderError, `proxy_header_missing` when it did not arrive in time or the connection ended.
 */
export function readProxyHeader(socket: Socket, timeoutMs: number): Promise<ProxiedSource | undefined> {
  return new Promise((resolve, reject) => {
    let fixed: Buffer | undefined;
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      socket.off('readable', read).off('end', missing).off('close', missing);
      act();
    };
    const missing = (): void => settle(() => reject(new ProxyHeaderError('proxy_header_missing')));
    const read = (): void => {
      try {
        fixed ??= taken(socket, FIXED_BYTES);
        const rest = fixed && taken(socket, restOf(fixed));
        if (!fixed || !rest) return;
        const source = sourceIn(fixed, rest);
        settle(() => resolve(source));
      } catch (error) {
        settle(() => reject(error as Error));
      }
    };
    const timer = setTimeout(missing, timeoutMs);
    socket.on('readable', read).on('end', missing).on('close', missing);
  });
}

/** All of the bytes or none; a stream that has ended gives fewer. */
function taken(socket: Socket, bytes: number): Buffer | undefined {
  if (bytes === 0) return Buffer.alloc(0);
  const chunk = socket.read(bytes) as Buffer | null;
  return chunk?.length === bytes ? chunk : undefined;
}
