import { chmod, chown, mkdir, mkdtemp, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ownerOf, OWNER_FILE, SERVER_DIRECTORY_PREFIX } from './server-owner.js';
import { TestPostgresError } from './test-postgres-error.js';
import type { UnprivilegedUser } from './unprivileged-user.js';

/** Everything one server writes is below `path`; `data` belongs to the user who runs Postgres and is closed to others. */
export interface ServerDirectory {
  path: string;
  data: string;
  nativeCopy: string;
}

export async function createServerDirectory(user: UnprivilegedUser | undefined): Promise<ServerDirectory> {
  const path = await mkdtemp(join(await realpath(tmpdir()), SERVER_DIRECTORY_PREFIX));
  try {
    await writeFile(join(path, OWNER_FILE), JSON.stringify(await ownerOf(process.pid)), { mode: 0o600 });
    const directory = { path, data: join(path, 'data'), nativeCopy: join(path, 'native') };
    await mkdir(directory.data, { mode: 0o700 });
    if (user) await openTo(user, directory);
    return directory;
  } catch (error) {
    await rm(path, { recursive: true, force: true });
    throw error;
  }
}

/** Root keeps the outer directory (passing through is allowed, listing is not), the user gets `data` only. */
async function openTo(user: UnprivilegedUser, { path, data }: ServerDirectory): Promise<void> {
  await chmod(path, 0o711);
  await chown(data, user.uid, user.gid);
  for (let parent = path; ; parent = dirname(parent)) {
    if (!canEnter(await stat(parent), user)) {
      throw new TestPostgresError(
        'directory_unreachable',
        `As root Postgres runs as user "${user.name}", who cannot enter ${parent}: set TMPDIR to a directory open to everybody, such as /tmp.`,
      );
    }
    if (parent === dirname(parent)) return;
  }
}

function canEnter(directory: { mode: number; uid: number; gid: number }, user: UnprivilegedUser): boolean {
  const bit = directory.uid === user.uid ? 0o100 : directory.gid === user.gid ? 0o010 : 0o001;
  return (directory.mode & bit) !== 0;
}
