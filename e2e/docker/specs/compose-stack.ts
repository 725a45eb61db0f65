import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { workspaceRoot } from '../../stack/workspace-root.js';

/** A stack of its own beside whatever else runs on this machine. */
export const PROJECT = 'partner-ecosystem-spec';
export const PORTS = {
  TOKEN_SERVICE_PORT: '28443',
  TOKEN_SERVICE_MTLS_PORT: '29443',
  PARTNER_REGISTRY_PORT: '28444',
  PARTNER_REGISTRY_MTLS_PORT: '29444',
  RESOURCE_API_PORT: '28445',
  RESOURCE_API_MTLS_PORT: '29445',
  PROMETHEUS_PORT: '29099',
};
export const EDGE_NETWORK = '10.213.94';
const NETWORKS = { EDGE_NETWORK, EDGE_NGINX_NETWORK: '10.213.95', EDGE_HAPROXY_NETWORK: '10.213.96' };
const LONGEST_MS = 600_000;

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Any docker command; does not throw. */
export function tryDocker(args: readonly string[]): Outcome {
  const { status, stdout, stderr } = spawnSync('docker', args, {
    encoding: 'utf8',
    timeout: LONGEST_MS,
    maxBuffer: 256 * 1024 * 1024,
    cwd: workspaceRoot(),
    env: { ...process.env, ...PORTS, ...NETWORKS, COMPOSE_ANSI: 'never', BUILDKIT_PROGRESS: 'plain' },
  });
  return { code: status, stdout: stdout ?? '', stderr: stderr ?? '' };
}

/** Its standard output. Errors: with what it said, when the exit code is not 0. */
export function docker(...args: string[]): string {
  const { code, stdout, stderr } = tryDocker(args);
  if (code === 0) return stdout;
  throw new Error(`docker ${args.join(' ')} ended with ${code}:\n${`${stdout}${stderr}`.slice(-4_000)}`);
}

const FILES = ['docker/compose.yaml', 'e2e/docker/specs/strangers.yaml'];
const PROFILES = ['edge', 'demo', 'demo-edge', 'metrics', 'strangers'];

function composeArguments(args: readonly string[]): string[] {
  const files = FILES.flatMap((file) => ['--file', join(workspaceRoot(), file)]);
  return [
    'compose',
    '--project-name',
    PROJECT,
    '--project-directory',
    join(workspaceRoot(), 'docker'),
    ...files,
    ...args,
  ];
}

export function compose(...args: string[]): string {
  return docker(...composeArguments(args));
}

export function tryCompose(...args: string[]): Outcome {
  return tryDocker(composeArguments(args));
}

/** With every profile on, for what looks at all there is. */
export function composeAll(...args: string[]): string {
  return compose(...PROFILES.flatMap((profile) => ['--profile', profile]), ...args);
}

/** Runs a service of the demo or edge profile once, against what runs already. */
export function runOnce(service: string, ...args: string[]): Outcome {
  const profiles = ['edge', 'strangers'].flatMap((profile) => ['--profile', profile]);
  return tryCompose(...profiles, 'run', '--rm', '-T', '--no-deps', service, ...args);
}

/** Ids of the containers of a service, or of all. */
export function containersOf(...services: string[]): string[] {
  return linesOf(composeAll('ps', '--quiet', ...services));
}

/** Of every replica. Not by compose, which writes control characters between the lines. */
export function logsOf(service: string): string {
  return containersOf(service)
    .map((id) => tryDocker(['logs', id]))
    .map(({ stdout, stderr }) => `${stdout}${stderr}`)
    .join('\n');
}

export function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
