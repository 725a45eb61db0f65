import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workspaceRoot } from '../../stack/workspace-root.js';

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'stranger-spec-')));
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let number = 0;

/** A repository whose README has these two blocks of commands. */
function repository(first: string, second: string): string {
  const path = join(folder, `repository-${++number}`);
  mkdirSync(path);
  writeFileSync(
    join(path, 'README.md'),
    `# A project\n\n\`\`\`sh\n${first}\n\`\`\`\n\nand\n\n\`\`\`sh\n${second}\n\`\`\`\n`,
  );
  const git = (...args: string[]) => execFileSync('git', args, { cwd: path, stdio: 'pipe' });
  git('init', '-q');
  git('add', '.');
  git('-c', 'user.name=A', '-c', 'user.email=a@example.com', 'commit', '-qm', 'docs: begin');
  return path;
}

function asStranger(path: string, PATH = process.env['PATH'] ?? ''): Promise<{ code: number; output: string }> {
  const script = join(workspaceRoot(), '.ci/stranger.mjs');
  return new Promise((resolve) => {
    execFile(process.execPath, [script, path], { env: { ...process.env, PATH } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });
}

const runs = (program: string) =>
  `node -e "const { error } = child_process.spawnSync('${program}', ['version']); if (error) throw error"`;

describe("the README's two commands as a stranger runs them", () => {
  it('hold where Node, npm, git and the base tools are enough', async () => {
    const { code, output } = await asStranger(
      repository('node --version && npm --version', 'git --version && ls | sort'),
    );
    expect(output).toContain('Both commands of the README hold for a stranger.');
    expect(code).toBe(0);
  });

  it.each(['openssl', 'nginx', 'haproxy', 'curl', 'go', 'java', 'chromium', 'docker'])(
    'fail as soon as one of them runs %s, though this machine has it',
    async (program) => {
      const installed = join(folder, `with-${program}`);
      mkdirSync(installed, { recursive: true });
      writeFileSync(join(installed, program), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
      const PATH = [installed, process.env['PATH']].join(delimiter);
      const { code, output } = await asStranger(repository('true', runs(program)), PATH);
      expect(code).toBe(1);
      expect(output).toContain(`spawnSync ${program} ENOENT`);
      expect(output).toContain('failed for a stranger');
    },
  );

  it('fail when the first of them leaves a file in the tree, the temporary folder or a process', async () => {
    const behind = 'node -e "setInterval(() => undefined, 1000)" "$PWD/left" </dev/null >/dev/null 2>&1 &';
    for (const [left, said] of [
      ['echo x > left.txt', 'left in the tree:\n?? left.txt'],
      ['echo x > "$TMPDIR/left.txt"', 'left in the temporary folder: left.txt'],
      [behind, 'left processes behind'],
    ] as const) {
      const { code, output } = await asStranger(repository(left, 'true'));
      const [, pid] = /^(\d+) node .*left/m.exec(output) ?? [];
      if (pid) process.kill(Number(pid));
      expect(output).toContain(said);
      expect(code).toBe(1);
    }
  });

  it('fail without a README that prints two', async () => {
    const path = repository('true', 'true');
    writeFileSync(join(path, 'README.md'), '# Nothing here\n');
    const { code, output } = await asStranger(path);
    expect(output).toContain('has 0 blocks of shell commands');
    expect(code).toBe(1);
  });
});
