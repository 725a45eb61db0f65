import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  connectionUrl,
  copyCluster,
  createDatabase,
  initializeCluster,
  serverArguments,
  SUPERUSER,
} from './cluster.js';
import { busyPort, freeLoopbackPort } from './loopback-port.js';
import { installedNativeFolder, usableNativeFolder } from './native-folder.js';
import { startPostmaster, type Postmaster } from './postmaster.js';
import { removeStaleServers } from './remove-stale-servers.js';
import { createServerDirectory, type ServerDirectory } from './server-directory.js';
import { TestPostgresError } from './test-postgres-error.js';
import { unprivilegedUser, type UnprivilegedUser } from './unprivileged-user.js';

const PORT_ATTEMPTS = 5;

export interface StartPostgresOptions {
  /** TCP port of 127.0.0.1; without it a free one. */
  port?: number;
  /** Every line Postgres prints. */
  log?: (line: string) => void;
  /** Gives up what only matters after a crash (fsync and the like); default true. */
  fast?: boolean;
  /** What it begins with: everything that is in the template, its roles too; default: an empty database. */
  template?: PostgresTemplate;
}

/** The files of a server that was stopped, and its superuser's password. Plain data: another process may use it. */
export interface PostgresTemplate {
  data: string;
  password: string;
}

export interface PostgresServer {
  port: number;
  /** Of the superuser, with a random password, to the database `partner_ecosystem`. */
  adminUrl: string;
  /** The same database for another login. */
  urlFor(user: string, password: string): string;
  /** Disconnects every client and ends the process, but keeps its files for others to begin with, until stop(). */
  asTemplate(): Promise<PostgresTemplate>;
  /** Disconnects every client, ends the process and removes every file; a second call waits for the first. */
  stop(): Promise<void>;
}

/**
 * Starts a new, empty PostgreSQL 18 on 127.0.0.1 with its files in a temporary directory. Errors: TestPostgresError.
 * The caller stops it. A process that exits without doing so takes the server along; after SIGKILL the next start removes it.
 */
export async function startPostgres(options: StartPostgresOptions = {}): Promise<PostgresServer> {
  return startPostgresFrom(installedNativeFolder(), options);
}

/** @internal for specs that bring a native folder of their own */
export async function startPostgresFrom(installed: string, options: StartPostgresOptions): Promise<PostgresServer> {
  const log = options.log ?? (() => undefined);
  await removeStaleServers(log);
  const user = unprivilegedUser();
  if (options.port !== undefined) await freeLoopbackPort(options.port);
  const directory = await createServerDirectory(user);
  const server = new RunningServer(directory);
  try {
    const native = await usableNativeFolder(installed, directory.nativeCopy, user);
    const { template } = options;
    if (template) await copyCluster(template.data, directory, user);
    const password = template?.password ?? (await initializeCluster(native, directory, user));
    const port = await listen(server, native, { ...options, user, log });
    if (!template) await createDatabase(port, password);
    return {
      port,
      adminUrl: connectionUrl(port, SUPERUSER, password),
      urlFor: (login, secret) => connectionUrl(port, login, secret),
      asTemplate: async () => {
        await server.postmaster?.stop();
        return { data: directory.data, password };
      },
      stop: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

interface ListenOptions extends StartPostgresOptions {
  user: UnprivilegedUser | undefined;
  log: (line: string) => void;
}

/** A free port may be taken before Postgres binds it: then another one is tried, unless the caller named it. */
async function listen(server: RunningServer, native: string, options: ListenOptions): Promise<number> {
  const { fast = true, user, log } = options;
  const { path: cwd, data } = server.directory;
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freeLoopbackPort());
    try {
      const args = serverArguments(data, port, fast);
      server.postmaster = await startPostmaster({ file: join(native, 'bin', 'postgres'), args, cwd, user, log });
      return port;
    } catch (error) {
      if (!(error instanceof TestPostgresError) || error.code !== 'port_busy') throw error;
      if (options.port !== undefined || attempt === PORT_ATTEMPTS) throw busyPort(port, error);
    }
  }
}

/** What must be gone in the end: the process and the directory. */
class RunningServer {
  postmaster: Postmaster | undefined;
  private stopped: Promise<void> | undefined;

  constructor(readonly directory: ServerDirectory) {
    process.once('exit', this.lastResort);
  }

  stop(): Promise<void> {
    return (this.stopped ??= this.stopOnce());
  }

  private async stopOnce(): Promise<void> {
    await this.postmaster?.stop();
    await rm(this.directory.path, { recursive: true, force: true, maxRetries: 5 });
    process.removeListener('exit', this.lastResort);
  }

  /** Nothing asynchronous runs any more: for a caller that exits without stop(). */
  private readonly lastResort = (): void => {
    this.postmaster?.kill();
    rmSync(this.directory.path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
}
