/** A socket could not be opened; `message` is a sentence for the operator. */
export class ListenError extends Error {
  readonly code: 'port_in_use' | 'listen_failed';

  constructor(at: { name: string; host: string; port: number }, cause: NodeJS.ErrnoException) {
    const where = `Listener "${at.name}" cannot listen on ${at.host} port ${at.port}`;
    super(`${where}: ${reasonOf(cause)}.`, { cause });
    this.name = 'ListenError';
    this.code = cause.code === 'EADDRINUSE' ? 'port_in_use' : 'listen_failed';
  }
}

function reasonOf({ code }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return 'the port is already in use; choose another port';
  if (code === 'EACCES') return 'the system does not allow it; choose a port above 1023';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'this machine does not have that address';
  return code ?? 'unknown reason';
}
