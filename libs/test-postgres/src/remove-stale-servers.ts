import { lstat, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLineOf, isAlive, OWNER_FILE, SERVER_DIRECTORY_PREFIX, type ServerOwner } from './server-owner.js';

const STOP_DEADLINE_MS = 5_000;
const POLL_MS = 25;

/**
 * Stops the servers of processes that died without stopping them (SIGKILL) and removes their directories. Touches only directories
 * of this user whose owner is certainly dead, and only a process that was started with that very data directory.
 */
export async function removeStaleServers(log: (line: string) => void): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(SERVER_DIRECTORY_PREFIX)) continue;
    const path = join(tmpdir(), name);
    try {
      if (!(await isStale(path))) continue;
      log(`removing the database server left in ${path} by a process that died`);
      await stopOrphan(path);
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
    } catch (error) {
      // a leftover never keeps a new server from starting
      log(`${path} could not be removed: ${String(error)}`);
    }
  }
}

async function isStale(path: string): Promise<boolean> {
  const directory = await lstat(path);
  if (!directory.isDirectory() || directory.uid !== (process.getuid?.() ?? directory.uid)) return false;
  // no owner file yet: its process may be about to write it, or died in that instant and left an empty directory
  const owner = await readFile(join(path, OWNER_FILE), 'utf8').catch(() => undefined);
  return owner !== undefined && (await isAlive(JSON.parse(owner) as ServerOwner)) === false;
}

async function stopOrphan(path: string): Promise<void> {
  const data = join(path, 'data');
  const pid = Number((await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0]);
  const runs = async () => pid > 1 && (await commandLineOf(pid)).includes(` ${data} `);
  if (!(await runs())) return;
  // SIGQUIT is Postgres' immediate shutdown: nothing is kept, and unlike after SIGKILL shared memory is given back
  process.kill(pid, 'SIGQUIT');
  for (let waited = 0; waited < STOP_DEADLINE_MS; waited += POLL_MS) {
    if (!(await runs())) return;
    await sleep(POLL_MS);
  }
  process.kill(pid, 'SIGKILL');
}
