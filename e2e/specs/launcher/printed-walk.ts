import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { workspaceRoot } from '../../stack/workspace-root.js';
import { TemporaryFolder } from './launched-process.js';
import { npmStart } from './npm-start.js';

const END_OF_BLOCK = '--- end of block';

/** The commands of a document: its blocks marked ```bash. What else it prints is marked ```sh or ```ts. */
export function printedCommands(document: string): string[] {
  const text = readFileSync(join(workspaceRoot(), document), 'utf8');
  return [...text.matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map(([, commands]) => commands!);
}

/**
 * Runs the commands one after the other in one shell, in a folder where `npm start` is running, and gives what each block
 * printed. One that fails ends the walk, and is an error with what it printed. Does not check: the texts.
 */
export async function walk(blocks: readonly string[]): Promise<string[]> {
  const folder = new TemporaryFolder();
  try {
    symlinkSync(join(workspaceRoot(), 'apps'), join(folder.path, 'apps'));
    const stack = await npmStart(folder.path);
    try {
      const script = blocks.map((commands) => `${commands}\necho; echo '${END_OF_BLOCK}'\n`).join('');
      const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder.path });
      return stdout.split(END_OF_BLOCK);
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`a command of the walk failed:\n${stdout.slice(-2_000)}\n${stderr}`, { cause: error });
    } finally {
      await stack.stop();
    }
  } finally {
    folder.remove();
  }
}
