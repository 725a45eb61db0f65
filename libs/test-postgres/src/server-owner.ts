import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { run } from './run.js';

export const SERVER_DIRECTORY_PREFIX = 'partner-ecosystem-postgres-';
export const OWNER_FILE = 'owner.json';

/** The process that started a server. Numbers of processes are used again, so the time it started belongs to its name. */
export interface ServerOwner {
  pid: number;
  /** Clock ticks since boot, Linux only. */
  startedAt: string | undefined;
  /** Process numbers mean nothing to a container that shares only the temporary directory. */
  place: string;
}

export async function ownerOf(pid: number): Promise<ServerOwner> {
  return { pid, startedAt: await startOf(pid), place: await place() };
}

/** undefined when it runs where its process number says nothing here. */
export async function isAlive(owner: ServerOwner): Promise<boolean | undefined> {
  if (owner.place !== (await place())) return undefined;
  return exists(owner.pid) && (await startOf(owner.pid)) === owner.startedAt;
}

/** What a process was started with; empty when it has ended, also while nobody has collected its exit code yet. */
export async function commandLineOf(pid: number): Promise<string> {
  if (!exists(pid)) return '';
  if (process.platform === 'linux') {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
  }
  const args = ['-o', 'command=', '-p', String(pid)];
  return (await run({ file: '/bin/ps', args, cwd: '/', user: undefined }).catch(() => ({ output: '' }))).output;
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function startOf(pid: number): Promise<string | undefined> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // proc(5): the second field is a name in brackets that may hold blanks, the start time is field 22
  return status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
}

async function place(): Promise<string> {
  return `${hostname()} ${await readlink('/proc/self/ns/pid').catch(() => '')}`;
}
