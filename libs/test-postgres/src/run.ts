import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { UnprivilegedUser } from './unprivileged-user.js';

export interface Command {
  file: string;
  args: readonly string[];
  /** Must be one the user can enter: Postgres looks its own working directory up. */
  cwd: string;
  user: UnprivilegedUser | undefined;
  log: (line: string) => void;
}

/**
 * Starts a command with an empty environment (no PGOPTIONS, PGDATA or locale of the caller) in a process group of its own, so
 * that Ctrl-C in a terminal reaches the caller only, who decides when the database may stop. Rejects when it cannot be started.
 */
export async function startCommand(command: Command): Promise<{ child: ChildProcess; exited: Promise<number | null> }> {
  const { file, args, cwd, user, log } = command;
  const child = spawn(file, args, {
    cwd,
    env: { LC_ALL: 'C', TZ: 'UTC' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user && { uid: user.uid, gid: user.gid }),
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  // an `error` event nobody listens to would end the process; it also comes later, when a signal cannot be sent
  const started = new Promise<void>((resolve, reject) => child.on('error', reject).once('spawn', resolve));
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', log);
  await started;
  return { child, exited };
}

/** Runs a command to its end: its exit code (null after a signal) and everything it printed. */
export async function run(command: Omit<Command, 'log'>): Promise<{ code: number | null; output: string }> {
  const lines: string[] = [];
  const { exited } = await startCommand({ ...command, log: (line) => lines.push(line) });
  return { code: await exited, output: lines.join('\n') };
}
