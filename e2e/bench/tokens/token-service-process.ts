import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Settings } from '../../stack/app-settings.js';
import { freePorts } from '../../stack/ports/free-ports.js';
import { builtFile } from '../../stack/processes/built-app.js';
import { lastLines } from '../../stack/processes/last-lines.js';
import { workspaceRoot } from '../../stack/workspace-root.js';
import { BenchError } from '../bench-error.js';
import { Child, type ChildOptions } from '../child.js';
import type { ServerProcess } from '../loaded-server.js';

/** So much that no request of the benchmark meets a limit. All else is as an installation has it. */
const NO_LIMIT_MET: Settings = {
  CLIENT_RATE_PER_SECOND: '100000',
  CLIENT_RATE_BURST: '100000',
  ADDRESS_RATE_PER_SECOND: '1000000',
  ADDRESS_RATE_BURST: '1000000',
};

export interface TokenServiceOptions extends Pick<ChildOptions, 'core' | 'profile'> {
  /** of the token service of the stack, whose database it shares */
  readonly settings: Settings;
  readonly overriding?: Settings;
  /** of its log */
  readonly directory: string;
  readonly name: string;
  /** what is run instead of the build of this checkout */
  readonly file?: string;
}

const READY_MS = 60_000;
const POLL_MS = 5;

/** One more process of the built token service, ready, on a core of its own. */
export async function startTokenService(options: TokenServiceOptions): Promise<ServerProcess> {
  const { settings, overriding, directory, name, core, profile, file = builtFile('token-service') } = options;
  const { tls, mtls, management } = (await freePorts())['token-service'];
  const ports = { PORT: String(tls), MTLS_PORT: String(mtls), MANAGEMENT_PORT: String(management) };
  const preload = ['bench/answer-usage.js', 'stack/processes/end-with-launcher.js'];
  const child = Child.start({
    file,
    core,
    profile,
    env: { ...settings, ...NO_LIMIT_MET, ...ports, ...overriding },
    preload: preload.map((path) => pathToFileURL(join(workspaceRoot(), 'e2e', 'dist', path)).href),
    logFile: join(directory, `${name}.log`),
  });
  const deadline = performance.now() + READY_MS;
  while (!(await isReady(management))) {
    if (child.isRunning && performance.now() < deadline) {
      await sleep(POLL_MS);
      continue;
    }
    await child.stop();
    throw new BenchError('server_failed', `${name} is not ready:\n${lastLines(join(directory, `${name}.log`))}`);
  }
  return { child, port: mtls };
}

async function isReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.status === 200;
}
