import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../stack/workspace-root.js';
import { BenchError } from './bench-error.js';
import { nodeOn } from './cores.js';

export interface ChildOptions {
  /** one of `libs/mtls-binding/bench`, which this project may not import */
  readonly program: 'serve' | 'issue';
  /** undefined: any */
  readonly core: number | undefined;
  /** where it writes its CPU profile when it ends */
  readonly profile?: { readonly directory: string; readonly name: string } | undefined;
}

/** A process that answers each message with one. */
export class Child {
  private readonly ended: Promise<string>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly program: string,
  ) {
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? `code ${code}`}`));
    });
  }

  /** @throws BenchError `build_missing` */
  static start({ program, core, profile }: ChildOptions): Child {
    const file = join(workspaceRoot(), 'libs', 'mtls-binding', 'out-tsc', 'bench', `${program}.js`);
    if (!existsSync(file)) throw new BenchError('build_missing', 'The reference servers are not built: npm run bench');
    const profiling = profile
      ? ['--cpu-prof', `--cpu-prof-dir=${profile.directory}`, `--cpu-prof-name=${profile.name}.cpuprofile`]
      : [];
    const [command, args] = nodeOn(core, [...profiling, file]);
    // A terminal's Ctrl-C reaches us alone, and the profile of one that is stopped in order is whole.
    const child = spawn(command, args, {
      cwd: workspaceRoot(),
      env: { NODE_ENV: 'production', PATH: '/usr/bin:/bin' },
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    return new Child(child, program);
  }

  /** @throws BenchError `server_failed` */
  async ask<Answer>(message: object | string): Promise<Answer> {
    const answer = new Promise<Answer | { failure: string }>((resolve) => this.child.once('message', resolve as never));
    this.child.send(message);
    const said = await Promise.race([answer, this.ended.then((failure) => ({ failure }))]);
    if (typeof said === 'object' && said !== null && 'failure' in said) {
      throw new BenchError('server_failed', `${this.program}: ${String(said.failure)}`);
    }
    return said as Answer;
  }

  /** It ends by itself once nobody talks to it. */
  async stop(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    await this.ended;
  }
}
