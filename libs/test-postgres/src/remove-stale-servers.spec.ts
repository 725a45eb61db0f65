import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { removeStaleServers } from './remove-stale-servers.js';
import { commandLineOf, ownerOf, OWNER_FILE, SERVER_DIRECTORY_PREFIX } from './server-owner.js';

const log = () => undefined;
const children: ChildProcess[] = [];
let temporary: string;

beforeEach(async () => {
  // a temporary directory of its own: another run on this machine would clean up first
  temporary = await mkdtemp(join(tmpdir(), 'stale-servers-'));
  await chmod(temporary, 0o711);
  vi.stubEnv('TMPDIR', temporary);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  children.splice(0).forEach((child) => child.kill('SIGKILL'));
  await rm(temporary, { recursive: true });
});

/** A process of its own that starts a server, prints its data directory, and then does `afterwards`. */
async function processWithServer(afterwards: string): Promise<{ child: ChildProcess; data: string; pid: number }> {
  const script = `
    import { runnerImport } from 'vite';
    import pg from 'pg';
    const { module } = await runnerImport(${JSON.stringify(join(import.meta.dirname, 'start-postgres.ts'))}, { configFile: false, logLevel: 'silent' });
    const server = await module.startPostgres();
    const client = new pg.Client({ connectionString: server.adminUrl });
    await client.connect();
    const { rows } = await client.query('SHOW data_directory');
    await client.end();
    console.log('data=' + rows[0].data_directory);
    ${afterwards}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('data=')) continue;
    const data = line.slice('data='.length);
    const file = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
    return { child, data, pid: Number(file.split('\n')[0]) };
  }
  throw new Error('the child process ended without a server');
}

async function untilGone(pid: number): Promise<void> {
  expect(pid).toBeGreaterThan(1);
  await vi.waitFor(async () => expect(await commandLineOf(pid)).toBe(''), { timeout: 240_000 });
}

it('stops the server of a process ended by SIGKILL and removes its files, at the next start and not before', async () => {
  const { child, data, pid } = await processWithServer('setInterval(() => undefined, 1000);');
  await removeStaleServers(log);
  expect(await commandLineOf(pid)).toContain(data);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await commandLineOf(pid)).toContain(data);
  await removeStaleServers(log);
  await untilGone(pid);
  expect(existsSync(dirname(data))).toBe(false);
});

it('leaves nothing when a process exits without stopping its server', async () => {
  const { child, data, pid } = await processWithServer("process.stdin.once('data', () => process.exit(0));");
  child.stdin!.write('exit\n');
  if (child.exitCode === null) await once(child, 'exit');
  expect(child.exitCode).toBe(0);
  await untilGone(pid);
  expect(existsSync(dirname(data))).toBe(false);
});

it('never ends a process that only has the number an old postmaster.pid names', async () => {
  const innocent = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
  children.push(innocent);
  const path = await directoryOf(await deadOwner());
  await mkdir(join(path, 'data'));
  await writeFile(join(path, 'data', 'postmaster.pid'), `${innocent.pid}\n${join(path, 'data')}\n`);
  await removeStaleServers(log);
  expect(existsSync(path)).toBe(false);
  expect(innocent.exitCode ?? innocent.signalCode).toBe(null);
});

it('leaves a directory alone whose owner lives, is not known yet, or counts its processes elsewhere', async () => {
  const kept = await Promise.all([
    directoryOf(await ownerOf(process.pid)),
    directoryOf(undefined),
    directoryOf({ ...(await deadOwner()), place: 'a container' }),
  ]);
  await removeStaleServers(log);
  expect(kept.map((path) => existsSync(path))).toEqual([true, true, true]);
});

async function deadOwner(): Promise<object> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return ownerOf(Number(child.pid));
}

async function directoryOf(owner: object | undefined): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), SERVER_DIRECTORY_PREFIX));
  if (owner) await writeFile(join(path, OWNER_FILE), JSON.stringify(owner));
  return path;
}
