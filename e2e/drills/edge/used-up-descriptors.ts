import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpsClient } from '../../stack/admin/https-client.js';
import type { Stack } from '../../stack/start-stack.js';
import { APP_NAMES, type AppName, type ListenerPorts, type StackPorts } from '../../stack/topology.js';
import { processState } from './process-state.js';

/** So many descriptors are left to a process, and so many connections come. */
const LEFT = 8;
const COMING = 64;
const WAIT_MS = 60_000;
const LOOK_EVERY_MS = 50;

/**
 * Takes the descriptors of one app after the other away, as the operating system would, and gives them back.
 *
 * libuv then closes what comes, and tells nobody; `process_open_fds` of /metrics shows it.
 *
 * @returns what did not hold: what comes is closed at once, a connection that stands is served all along, a new one afterwards
 */
export async function useUpDescriptors(stack: Stack, ports: StackPorts): Promise<string[]> {
  const faults: string[] = [];
  for (const app of APP_NAMES) {
    faults.push(...(await useUpOf(app, stack, ports[app])).map((fault) => `${app}: ${fault}`));
  }
  return faults;
}

async function useUpOf(app: AppName, stack: Stack, { tls }: ListenerPorts): Promise<string[]> {
  const faults: string[] = [];
  const pid = stack.pids[app];
  const standing = new HttpsClient(stack.pki.serverAuthority.bundlePem, 1);
  const fresh = new HttpsClient(stack.pki.serverAuthority.bundlePem, 1);
  const url = `https://localhost:${tls}/problems/not_found`;
  const expectServed = async (client: HttpsClient, when: string): Promise<void> => {
    const outcome = await client.send({ url }).then(
      ({ status }) => status,
      (error: Error) => error.message,
    );
    if (outcome !== 200) faults.push(`${when}: ${outcome}`);
  };
  await expectServed(standing, 'before');
  const coming: Socket[] = [];
  const allowed = limitOf(pid);
  try {
    limit(pid, processState(pid).descriptors + LEFT);
    for (let number = 0; number < COMING; number++) coming.push(await opened(tls));
    const closed = (): number => coming.filter((socket) => socket.destroyed).length;
    const turnedAway = async (): Promise<boolean> => {
      // Asked again and again, so that it is not closed as idle.
      await expectServed(standing, 'a connection that stood, with no descriptor left');
      return closed() >= COMING - LEFT;
    };
    if (!(await until(turnedAway))) faults.push(`only ${closed()} of ${COMING} were turned away`);
  } finally {
    for (const socket of coming) socket.destroy();
    limit(pid, allowed);
  }
  await expectServed(fresh, 'a new connection, with descriptors again');
  await Promise.all([standing.close(), fresh.close()]);
  return faults;
}

async function opened(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket.resume();
}

async function until(holds: () => Promise<boolean>): Promise<boolean> {
  for (const deadline = performance.now() + WAIT_MS; performance.now() < deadline; await sleep(LOOK_EVERY_MS)) {
    if (await holds()) return true;
  }
  return false;
}

/** The soft limit, as `prlimit` of util-linux says and sets it. */
function limitOf(pid: number): number {
  return Number(
    execFileSync('prlimit', ['--pid', `${pid}`, '--nofile', '--noheadings', '--output', 'SOFT'], { encoding: 'utf8' }),
  );
}

function limit(pid: number, descriptors: number): void {
  execFileSync('prlimit', ['--pid', `${pid}`, `--nofile=${descriptors}:`]);
}
