import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workspaceRoot } from '../../stack/workspace-root.js';
import { TemporaryFolder } from './launched-process.js';
import { npmStart, type StartedStack } from './npm-start.js';

// Only the walk is marked ```bash in the README; what else it prints is marked ```sh or ```ts.
const blocks = [
  ...readFileSync(join(workspaceRoot(), 'README.md'), 'utf8').matchAll(/^```bash\n([\s\S]*?)^```$/gm),
].map(([, commands]) => commands!);

describe("the README's walk, as printed", () => {
  const folder = new TemporaryFolder();
  let stack: StartedStack;
  let output: string[];

  beforeAll(async () => {
    stack = await npmStart(folder.path);
    const script = blocks.map((commands) => `${commands}\necho; echo '--- end of block'\n`).join('');
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder.path });
    output = stdout.split('--- end of block');
  });

  afterAll(async () => {
    await stack?.stop();
    folder.remove();
  });

  it('is there', () => expect(blocks).toHaveLength(6));

  it('onboards the partner', () => {
    expect(output[2]).toContain('"legal_name":"Initech Ltd"');
    expect(output[2]).toMatch(/"status":"active","status_reason":"tested"/);
  });

  it("the partner's server uses its token", () => expect(output[3]).toContain('"reference":"INI-1"'));

  it('the stolen token is worthless', () => {
    expect(output[4]).toContain('HTTP/1.1 401');
    expect(output[4]).toContain('"code":"invalid_token"');
  });

  it('the suspended client gets no token', () => {
    expect(output[5]).toContain('"status":"suspended"');
    expect(output[5]).toContain('"error":"invalid_client"');
  });
});
