import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { StackError } from '../stack-error.js';
import type { AppName } from '../topology.js';
import { workspaceRoot } from '../workspace-root.js';
import { builtFile } from './built-app.js';
import { lastLines } from './last-lines.js';

// longer than the SHUTDOWN_DEADLINE_MS the launcher gives, so that only an app that hangs is killed
const STOP_DEADLINE_MS = 60_000;

export interface AppExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** One app as a process of its own, its output in a file. */
export interface AppProcess {
  name: AppName;
  pid: number;
  logFile: string;
  /** settles whenever the process has ended, for whatever reason */
  exited: Promise<AppExit>;
  /** SIGTERM, and SIGKILL when that takes too long */
  stop(): Promise<AppExit>;
  /** SIGKILL, for the moment when nothing can be waited for any more */
  kill(): void;
}

export interface AppStart {
  name: AppName;
  /** the whole environment of the process: nothing is inherited */
  settings: Record<string, string>;
  logFile: string;
}

/**
 * Starts the built app in a process group of its own, so that Ctrl-C in a terminal reaches the launcher only, who
 * stops the apps in order.
 */
export function startApp({ name, settings, logFile }: AppStart): AppProcess {
  const log = openSync(logFile, 'a', 0o600);
  const preload = pathToFileURL(join(workspaceRoot(), 'e2e', 'dist', 'stack', 'processes', 'end-with-launcher.js'));
  const args = ['--enable-source-maps', '--import', preload.href, builtFile(name)];
  const child = spawn(process.execPath, args, {
    cwd: workspaceRoot(),
    env: settings,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const exited = new Promise<AppExit>((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal })).once('error', reject);
  });
  return {
    name,
    pid: child.pid ?? 0,
    logFile,
    exited,
    kill: () => void child.kill('SIGKILL'),
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
      const exit = await exited;
      clearTimeout(timer);
      return exit;
    },
  };
}

export function endedByItself(app: AppProcess, { code, signal }: AppExit): StackError {
  const how = signal === null ? `with code ${code}` : `by ${signal}`;
  return new StackError('app_ended', `${app.name} ended ${how}; its last log lines:\n${lastLines(app.logFile)}`);
}

const READY_DEADLINE_MS = 300_000;
const READY_POLL_MS = 100;

/** Waits for `/readyz`. Errors: StackError `app_ended`, `not_ready`; the signal's reason. */
export async function untilReady(app: AppProcess, managementUrl: string, signal: AbortSignal): Promise<void> {
  const exit = app.exited.then((status) => {
    throw endedByItself(app, status);
  });
  const deadline = Date.now() + READY_DEADLINE_MS;
  while (!(await Promise.race([isReady(`${managementUrl}/readyz`), exit]))) {
    signal.throwIfAborted();
    if (Date.now() > deadline) {
      throw new StackError('not_ready', `${app.name} is not ready; its last log lines:\n${lastLines(app.logFile)}`);
    }
    await Promise.race([sleep(READY_POLL_MS), exit]);
  }
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(60_000) }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.status === 200;
}
