import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import { workspaceRoot } from '../stack/workspace-root.js';
import { BenchError } from './bench-error.js';
import { nodeOn } from './cores.js';

export interface ChildOptions {
  /** the built program, absolute */
  readonly file: string;
  /** undefined: any */
  readonly core: number | undefined;
  /** where it writes its CPU profile when it ends */
  readonly profile?: { readonly directory: string; readonly name: string } | undefined;
  /** the whole environment of the process, beside `PATH`; nothing is inherited */
  readonly env?: Readonly<Record<string, string>>;
  /** URLs of modules that run before it */
  readonly preload?: readonly string[];
  /** of what it prints; undefined: as this process does */
  readonly logFile?: string | undefined;
}

/** What a process has used so far. */
export interface Usage {
  /** of all of its threads */
  readonly cpuMicros: number;
  readonly residentBytes: number;
}

/** A process that answers each message with one. */
export class Child {
  private readonly ended: Promise<string>;
  private running = true;

  private constructor(
    private readonly child: ChildProcess,
    private readonly program: string,
  ) {
    this.ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? `code ${code}`}`));
    }).finally(() => (this.running = false));
  }

  /** @throws BenchError `build_missing` */
  static start({ file, core, profile, env = {}, preload = [], logFile }: ChildOptions): Child {
    if (!existsSync(file)) throw new BenchError('build_missing', `${file} is not built: npm run bench`);
    const profiling = profile
      ? ['--cpu-prof', `--cpu-prof-dir=${profile.directory}`, `--cpu-prof-name=${profile.name}.cpuprofile`]
      : [];
    const [command, args] = nodeOn(core, [...profiling, ...preload.flatMap((url) => ['--import', url]), file]);
    const output = logFile === undefined ? 'inherit' : openSync(logFile, 'a', 0o600);
    // A terminal's Ctrl-C reaches us alone, and the profile of one that is stopped in order is whole.
    const child = spawn(command, args, {
      cwd: workspaceRoot(),
      env: { NODE_ENV: 'production', PATH: '/usr/bin:/bin', ...env },
      detached: true,
      stdio: ['ignore', output, output, 'ipc'],
    });
    if (typeof output === 'number') closeSync(output);
    return new Child(child, basename(file));
  }

  /** @throws BenchError `server_failed` */
  async ask<Answer>(message: object | string): Promise<Answer> {
    const answer = new Promise<Answer | { failure: string }>((resolve) => this.child.once('message', resolve as never));
    this.child.send(message, () => undefined); // one that has ended is told of below
    const said = await Promise.race([answer, this.failure()]);
    if (typeof said === 'object' && said !== null && 'failure' in said) {
      throw new BenchError('server_failed', `${this.program}: ${String(said.failure)}`);
    }
    return said as Answer;
  }

  usage(): Promise<Usage> {
    return this.ask<Usage>('usage');
  }

  get isRunning(): boolean {
    return this.running;
  }

  /** It ends by itself once nobody talks to it. */
  async stop(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    await this.ended;
  }

  private async failure(): Promise<{ failure: string }> {
    return { failure: await this.ended };
  }
}
