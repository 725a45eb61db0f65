import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from '../stack-error.js';

const OWNER = 'launcher.pid';

/** `.local/`: what the person who ran `npm start` needs. It holds private keys, so it is closed to everybody else. */
export class LocalDirectory {
  private constructor(readonly path: string) {}

  /**
   * Empties what an earlier run left. Errors: StackError `already_running` when that run still lives,
   * `environment_invalid` when somebody else's files are in there.
   */
  static claim(path: string): LocalDirectory {
    const owner = livingOwner(path);
    if (owner !== undefined) {
      throw new StackError(
        'already_running',
        `${path} belongs to an "npm start" that is running (process ${owner}). Stop that one, or set LOCAL_DIRECTORY ` +
          `and PORT_OFFSET to run a second one from the same checkout. (If it is not so, remove ${join(path, OWNER)}.)`,
      );
    }
    assertOurs(path);
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true, mode: 0o700 });
    // the umask may have taken bits away, never added: this makes the mode exact
    chmodSync(path, 0o700);
    const directory = new LocalDirectory(path);
    directory.write(OWNER, `${process.pid}\n`);
    return directory;
  }

  get stackDirectory(): string {
    return join(this.path, 'stack');
  }

  write(name: string, content: string | Buffer): string {
    const file = join(this.path, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  /** The authorities die with the stack: nothing in here is of any use afterwards. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What is emptied now and removed in the end must not be a folder of somebody's own. */
function assertOurs(path: string): void {
  if (!existsSync(path) || existsSync(join(path, OWNER))) return;
  if (lstatSync(path).isDirectory() && readdirSync(path).length === 0) return;
  throw new StackError(
    'environment_invalid',
    `${path} has files that npm start did not make, and it removes what is in there: empty it or set LOCAL_DIRECTORY.`,
  );
}

function livingOwner(path: string): number | undefined {
  const file = join(path, OWNER);
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8'));
  if (!(pid > 1) || pid === process.pid) return undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid : undefined;
  }
}
