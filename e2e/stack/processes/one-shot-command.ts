import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { StackError } from '../stack-error.js';
import type { AppName } from '../topology.js';
import { builtFile, type CommandName } from './built-app.js';

export interface OneShotCommand {
  app: AppName;
  command: CommandName;
  args?: readonly string[];
  /** the whole environment of the process: nothing is inherited */
  settings: Record<string, string>;
  logFile: string;
}

/** Runs a command of an app to its end and gives its standard output. Errors: StackError `command_failed`. */
export async function runCommand({ app, command, args = [], settings, logFile }: OneShotCommand): Promise<string> {
  const child = spawn(process.execPath, ['--enable-source-maps', builtFile(app, command), ...args], {
    env: settings,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killed = (): void => void child.kill('SIGKILL');
  process.once('exit', killed);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('close', resolve).once('error', reject),
  );
  process.removeListener('exit', killed);
  const [output, errors] = [Buffer.concat(out).toString(), Buffer.concat(err).toString()];
  appendFileSync(logFile, `${output}${errors}`, { mode: 0o600 });
  if (code === 0) return output;
  const said = `${output}${errors}`.trim().split('\n').slice(-15).join('\n  ');
  throw new StackError('command_failed', `${app}: the command ${command} failed (exit code ${code}):\n  ${said}`);
}
