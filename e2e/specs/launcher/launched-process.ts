import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { workspaceRoot } from '../../stack/workspace-root.js';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A built command of e2e as its own process, with an environment of its own. */
export class LaunchedProcess {
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ended>;
  private readonly child: ChildProcess;
  private readonly waiting = new Set<() => void>();

  constructor(command: 'stack' | 'demo', args: readonly string[], env: Record<string, string>) {
    const file = join(workspaceRoot(), 'e2e', 'dist', command, 'main.js');
    this.child = spawn(process.execPath, [file, ...args], {
      cwd: workspaceRoot(),
      env: { PATH: dirname(process.execPath), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout!.on('data', (chunk: Buffer) => this.append('stdout', chunk));
    this.child.stderr!.on('data', (chunk: Buffer) => this.append('stderr', chunk));
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject).once('close', (code, signal) => {
        const { stdout, stderr } = this;
        resolve({ code, signal, stdout, stderr });
      });
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Resolves when that stands in its standard output; rejects when it ends before. */
  async prints(text: string): Promise<void> {
    const printed = new Promise<void>((resolve) => {
      const look = (): void => void (this.stdout.includes(text) && resolve());
      this.waiting.add(look);
      look();
    });
    const ended = this.ended.then(({ code, stdout, stderr }) => {
      throw new Error(`ended with code ${code} before it printed "${text}":\n${stdout}\n${stderr}`);
    });
    await Promise.race([printed, ended]);
  }

  private append(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    this[stream] += chunk.toString();
    this.waiting.forEach((look) => look());
  }
}

/** A folder for temporary files in which something left behind can be seen. */
export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'partner-ecosystem-launcher-'));

  constructor() {
    // as root, Postgres runs as nobody and must be able to pass through
    chmodSync(this.path, 0o755);
  }

  get content(): string[] {
    return readdirSync(this.path);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
