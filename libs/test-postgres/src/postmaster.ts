import { setTimeout as sleep } from 'node:timers/promises';
import { startCommand, type Command } from './run.js';
import { TestPostgresError } from './test-postgres-error.js';

// For a server that hangs: one that fails ends by itself, and a busy machine may take very long over either.
const START_DEADLINE_MS = 240_000;
const STOP_DEADLINE_MS = 60_000;
const LAST_RESORT_MS = 150;
const LINES_KEPT = 20;

/** A `postgres` process that accepts connections. */
export interface Postmaster {
  pid: number;
  /** Fast shutdown (open transactions are rolled back, clients disconnected); SIGKILL when it takes over a minute. */
  stop(): Promise<void>;
  /** For a process that is exiting: blocks for a moment so that Postgres can give its shared memory back, then SIGKILL. */
  kill(): void;
}

/** Resolves when the server is ready. Codes: `port_busy`, `start_failed` with the server's last lines; nothing is left running then. */
export async function startPostmaster(command: Command): Promise<Postmaster> {
  const lastLines: string[] = [];
  let ready = (): void => undefined;
  const isReady = new Promise<'ready'>((resolve) => (ready = () => resolve('ready')));
  const log = (line: string): void => {
    lastLines.push(line);
    if (lastLines.length > LINES_KEPT) lastLines.shift();
    if (line.includes('database system is ready to accept connections')) ready();
    command.log(line);
  };
  const { child, exited } = await startCommand({ ...command, log });
  const postmaster = {
    pid: child.pid as number,
    stop: async () => {
      child.kill('SIGINT');
      if ((await within(STOP_DEADLINE_MS, exited)) !== 'late') return;
      child.kill('SIGKILL');
      await exited;
    },
    kill: () => {
      child.kill('SIGQUIT');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LAST_RESORT_MS);
      child.kill('SIGKILL');
    },
  };
  if ((await within(START_DEADLINE_MS, Promise.race([isReady, exited.then(() => 'exited' as const)]))) === 'ready') {
    return postmaster;
  }
  await postmaster.stop();
  const text = lastLines.join('\n');
  if (text.includes('Address already in use')) throw new TestPostgresError('port_busy', text);
  throw new TestPostgresError('start_failed', `Postgres did not start; its last lines:\n${text}`);
}

async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | 'late'> {
  const timer = new AbortController();
  const late = sleep(milliseconds, 'late' as const, { signal: timer.signal }).catch(() => 'late' as const);
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
  }
}
