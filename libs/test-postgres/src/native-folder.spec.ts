import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { installedNativeFolder, usableNativeFolder } from './native-folder.js';
import { startPostgresFrom } from './start-postgres.js';
import { unprivilegedUser } from './unprivileged-user.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkout-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** As after `npm ci --ignore-scripts`: the files without the links between them. */
async function checkoutWithoutLinks(): Promise<string> {
  const checkout = join(folder, 'checkout');
  const isLink = async (path: string) => (await lstat(path)).isSymbolicLink();
  const filter = async (source: string) => !source.endsWith('.a') && !(await isLink(source));
  await cp(installedNativeFolder(), checkout, { recursive: true, filter });
  return checkout;
}

it('starts from a checkout below a closed directory, without links and with files only their owner reads', async () => {
  const checkout = await checkoutWithoutLinks();
  await chmod(join(checkout, 'share', 'postgresql', 'postgres.bki'), 0o600);
  await chmod(folder, 0o700);
  const before = await readdir(join(checkout, 'lib'));
  const server = await startPostgresFrom(checkout, {});
  await server.stop();
  expect(await readdir(join(checkout, 'lib'))).toEqual(before);
});

it('uses the installed folder itself when its binaries run, and a copy with the links when they do not', async () => {
  await chmod(folder, 0o711);
  const checkout = await checkoutWithoutLinks();
  const copy = join(folder, 'native');
  expect(await usableNativeFolder(checkout, copy, unprivilegedUser())).toBe(copy);
  const { source, target } = await firstLink(checkout);
  expect(await readlink(join(folder, target))).toBe(source.split('/').at(-1));
  expect(await usableNativeFolder(copy, join(folder, 'unused'), unprivilegedUser())).toBe(copy);
  expect(await readdir(folder)).not.toContain('unused');
});

it('says what to do when even a copy does not run', async () => {
  const checkout = join(folder, 'broken');
  await mkdir(join(checkout, 'bin'), { recursive: true });
  for (const name of ['initdb', 'postgres']) await writeFile(join(checkout, 'bin', name), 'not a program');
  await expect(startPostgresFrom(checkout, {})).rejects.toMatchObject({
    code: 'binaries_unusable',
    message: expect.stringMatching(/do not run.*set TMPDIR to a directory that allows programs to run/) as string,
  });
});

async function firstLink(checkout: string): Promise<{ source: string; target: string }> {
  const links = JSON.parse(await readFile(join(checkout, 'pg-symlinks.json'), 'utf8')) as [
    { source: string; target: string },
  ];
  return links[0];
}
