import { randomUUID } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainHead } from '../audit-trail.js';

/** How the name of a file with a statement ends. */
export const STATEMENT = '.jws';

/**
 * Adds a file to the directory, one for each statement: nothing that is there is ever opened for writing, renamed or
 * removed, so that it may be storage that is written once. It has its name once its content is on the disk; a process
 * that is killed leaves a `.partial` at most.
 * @throws whatever the file system says; a directory that is not there is not made: it could be a mount that is missing
 */
export async function writeStatement(directory: string, { seq }: ChainHead, statement: string): Promise<void> {
  const name = `${String(seq).padStart(15, '0')}-${randomUUID()}`;
  const partial = join(directory, `.${name}.partial`);
  try {
    await writeThrough(partial, `${statement}\n`);
    await rename(partial, join(directory, `${name}${STATEMENT}`));
  } catch (error) {
    await unlink(partial).catch(() => undefined);
    throw error;
  }
  await syncDirectory(directory);
}

async function writeThrough(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o444);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

// The name is an entry of the directory, which has to reach the disk too.
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
