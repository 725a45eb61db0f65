import { pino, type DestinationStream } from 'pino';

const MOST_GATHERED = 32_768;

/**
 * Standard output, written synchronously once per turn of the event loop instead of once per line, which under load is a
 * fraction of the system calls; and when the process exits, so that its last line is not lost. A process that is killed
 * loses what the turn it died in had to say.
 */
export function standardOutput(fd = 1): DestinationStream {
  const output = pino.destination({ fd, sync: true });
  let gathered = '';
  const flush = (): void => {
    const text = gathered;
    gathered = '';
    if (text !== '') output.write(text);
  };
  process.once('exit', flush);
  return {
    write(line: string): void {
      if (gathered === '') setImmediate(flush);
      gathered += line;
      if (gathered.length > MOST_GATHERED) flush();
    },
  };
}
