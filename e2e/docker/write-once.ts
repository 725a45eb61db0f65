import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const READABLE_BY_OWNER = 0o400;

/** Writes a whole file or none, under its name only when it is complete; replaces what was there. */
export function writeWhole(path: string, content: string, mode = READABLE_BY_OWNER): void {
  const unfinished = `${path}.unfinished`;
  rmSync(unfinished, { force: true });
  const file = openSync(unfinished, 'wx', mode);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(unfinished, path);
}

/** Marks that everything below `directory` was written; made last, so what was interrupted is made again. */
export class Completion {
  private readonly file: string;

  constructor(directory: string) {
    this.file = join(directory, 'complete');
  }

  get reached(): boolean {
    return existsSync(this.file);
  }

  mark(now: Date): void {
    writeWhole(this.file, `${now.toISOString()}\n`);
  }
}
