import { createServer } from 'node:net';

/** Both addresses of `localhost` count: a client may try either first. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await canListen('127.0.0.1', port)) && (await canListen('::1', port));
}

async function canListen(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen({ host, port, exclusive: true }, resolve);
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // a machine without IPv6 has nobody listening there either
    return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
  }
  await new Promise((resolve) => server.close(resolve));
  return true;
}
