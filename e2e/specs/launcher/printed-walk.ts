import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { workspaceRoot } from '../../stack/workspace-root.js';
import { TemporaryFolder } from './launched-process.js';
import { npmStart } from './npm-start.js';

// `registry` is what the documents call the admin API. It answers again once a token of after that moment is in use.
const END_TOKENS = `
registry "$REGISTRY/v1/clients/$OPERATOR_CLIENT_ID/revoke-tokens" -H 'If-Match: *' --json '{"reason": "they end"}' > /dev/null
for _ in $(seq 300); do registry "$REGISTRY/v1/partners?limit=1" > /dev/null 2>&1 && break; sleep 0.2; done
`;
const END_OF_BLOCK = '--- end of block';

/** The commands of a document: its blocks marked ```bash. What else it prints is marked ```sh or ```ts. */
export function printedCommands(document: string): string[] {
  const text = readFileSync(join(workspaceRoot(), document), 'utf8');
  return [...text.matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map(([, commands]) => commands!);
}

/** What the document's own `json` makes of a text: it prints a member, or fails. */
export function printedJson(document: string, text: string, member: string): Promise<{ stdout: string }> {
  const [definition] = /^json\(\) \{[\s\S]*?"\$1"; \}$/m.exec(printedCommands(document)[0]!)!;
  return promisify(execFile)('bash', ['-c', `${definition}\necho "$1" | json "$2"`, 'bash', text, member]);
}

/**
 * Runs the commands one after the other in one shell, in a folder where `npm start` is running, and gives what each block
 * printed. One that fails ends the walk, and is an error with what it printed. After the first block every token of the
 * operator's ends, as it does when a reader takes their time. Does not check: the texts.
 */
export async function walk(blocks: readonly string[]): Promise<string[]> {
  const folder = new TemporaryFolder();
  try {
    symlinkSync(join(workspaceRoot(), 'apps'), join(folder.path, 'apps'));
    const stack = await npmStart(folder.path);
    try {
      const script = blocks
        .map((commands, at) => `${commands}\n${at === 0 ? END_TOKENS : ''}\necho; echo '${END_OF_BLOCK}'\n`)
        .join('');
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
