import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** One process of the stranger's project. */
export class StrangerProcess {
  #output = '';
  #exited: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout!.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    this.#exited = once(child, 'exit');
  }

  static start(directory: string, script: string, env: Record<string, string> = {}): StrangerProcess {
    const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const;
    const options = { cwd: directory, stdio: [...stdio], env: { PATH: process.env['PATH'] ?? '', ...env } };
    return new StrangerProcess(spawn(process.execPath, [script], options));
  }

  get output(): string {
    return this.#output;
  }

  /** @throws Error with its output when it ends, or says nothing of the kind in time */
  async said(pattern: RegExp, withinMs = 60_000): Promise<RegExpExecArray> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const match = pattern.exec(this.#output);
      if (match) return match;
      if (this.child.exitCode !== null || Date.now() > deadline) throw new Error(`no ${pattern} in:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** @returns what it answers to this message */
  async ask<Answer>(message: object): Promise<Answer> {
    const heard = new AbortController();
    this.child.send(message);
    const [{ answer }] = (await Promise.race([
      once(this.child, 'message', { signal: heard.signal }),
      once(this.child, 'exit', { signal: heard.signal }).then(() => {
        throw new Error(`it ended:\n${this.#output}`);
      }),
    ]).finally(() => heard.abort())) as [{ answer: Answer }];
    return answer;
  }

  /** Asks it to end, and waits. @returns its exit code, null when a signal ended it */
  async stop(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      const last = setTimeout(() => this.child.kill('SIGKILL'), 60_000);
      await this.#exited;
      clearTimeout(last);
    }
    return this.child.exitCode;
  }
}
