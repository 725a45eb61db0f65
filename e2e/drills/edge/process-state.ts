import { readdirSync, readFileSync } from 'node:fs';

const LISTENING = '0A';
const TIME_WAIT = '06';

/** Of one process, as the kernel sees it (Linux). */
export interface ProcessState {
  descriptors: number;
  /** resident, MiB */
  memory: number;
}

export function processState(pid: number): ProcessState {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  return { descriptors: readdirSync(`/proc/${pid}/fd`).length, memory: (pages * 4_096) / 1024 ** 2 };
}

/** Connections that came in by these ports and that somebody still holds: what is ours of them would be a leak. */
export function connectionsHeld(ports: readonly number[]): number {
  const rows = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8').trim().split('\n').slice(1),
  );
  return rows.filter((row) => {
    const [, local = '', , state = ''] = row.trim().split(/\s+/);
    const port = Number.parseInt(local.split(':')[1] ?? '', 16);
    return ports.includes(port) && state !== LISTENING && state !== TIME_WAIT;
  }).length;
}
