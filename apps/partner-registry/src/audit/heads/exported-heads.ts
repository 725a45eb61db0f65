import type { KeyObject } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { statedHead, StatementRefused, type StatedHead, type StatementFault } from './audit-head-statement.js';
import { STATEMENT } from './write-statement.js';

export interface RefusedStatement {
  /** file and line */
  readonly where: string;
  readonly fault: StatementFault;
}

export interface ExportedHeads {
  /** of the statements that are believed */
  readonly heads: readonly StatedHead[];
  readonly refused: readonly RefusedStatement[];
}

/**
 * Every statement of a directory's `.jws` files, or of one file: one per line.
 * @throws whatever the file system says
 * Does not check: statements that were taken away.
 */
export async function exportedHeads(
  path: string,
  believe: { issuer: string; keys: readonly KeyObject[] },
): Promise<ExportedHeads> {
  const heads: StatedHead[] = [];
  const refused: RefusedStatement[] = [];
  for (const file of await filesOf(path)) {
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    for (const [at, line] of lines.entries()) {
      const head = await statedHead(line.trim(), believe).catch(refusalOf);
      if (head instanceof StatementRefused) refused.push({ where: `${file}:${at + 1}`, fault: head.code });
      else heads.push(head);
    }
  }
  return { heads, refused };
}

async function filesOf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith(STATEMENT) && !name.startsWith('.'));
  return names.sort().map((name) => join(path, name));
}

function refusalOf(error: unknown): StatementRefused {
  if (error instanceof StatementRefused) return error;
  throw error;
}
