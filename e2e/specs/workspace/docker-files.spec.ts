import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DCLinter } from 'dclint';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { workspaceRoot } from '../../stack/workspace-root.js';

const ROOT = workspaceRoot();
const COMPOSE = join(ROOT, 'docker/compose.yaml');
const dockerfile = readFileSync(join(ROOT, 'docker/Dockerfile'), 'utf8');

interface Service {
  image?: string;
  build?: object;
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  cap_add?: string[];
  privileged?: boolean;
  security_opt?: string[];
  deploy?: { resources?: { limits?: object } };
  environment?: Record<string, string>;
  networks?: string[] | Record<string, unknown>;
  volumes?: string[];
  ports?: string[];
}
interface Compose {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean } | null>;
}

const compose = parse(readFileSync(COMPOSE, 'utf8'), { merge: true }) as Compose;
const services = Object.entries(compose.services);

/** Names of the services of which this does not hold. */
function offenders(holds: (service: Service, name: string) => boolean): string[] {
  return services.filter(([name, service]) => !holds(service, name)).map(([name]) => name);
}

function networksOf({ networks = [] }: Service): string[] {
  return Array.isArray(networks) ? networks : Object.keys(networks);
}

/** What follows the schema of the Compose Specification and is no matter of taste. */
function schemaFaults(path: string): string[] {
  const off = ['no-build-and-image', 'no-unbound-port-interfaces', 'no-quotes-in-volumes', 'require-quotes-in-ports'];
  const taste = ['service-dependencies-alphabetical-order', 'service-keys-order', 'service-ports-alphabetical-order'];
  const order = ['services-alphabetical-order', 'top-level-properties-order', 'service-container-name-regex'];
  const rules = Object.fromEntries([...off, ...taste, ...order].map((name) => [name, 0 as const]));
  const linter = new DCLinter({ rules, quiet: false, debug: false, exclude: [] });
  // its typings name files that this kind of module resolution does not find
  const results = linter.lintFiles([path], false) as { messages: { line: number; rule: string; message: string }[] }[];
  return results.flatMap(({ messages }) => messages.map(({ line, rule, message }) => `${line} ${rule}: ${message}`));
}

describe('docker/Dockerfile', () => {
  it('is what a builder understands', () => {
    expect(validate(dockerfile).map(({ range, message }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
    // the linter is one: a twin with a fault
    expect(validate(dockerfile.replace('STOPSIGNAL SIGTERM', 'STOPSIGNALS SIGTERM'))).toHaveLength(1);
  });

  it('fetches no syntax of its own, and copies the manifest of every workspace, as `npm ci` needs', () => {
    expect(dockerfile).not.toMatch(/^#\s*syntax=/m);
    const folders = ['apps', 'libs'].flatMap((group) =>
      readdirSync(join(ROOT, group)).map((name) => `${group}/${name}`),
    );
    for (const folder of [...folders, 'e2e']) expect(dockerfile).toContain(`COPY ${folder}/package.json ${folder}/`);
  });

  it('ends as a user without rights, without a shell in health check and start', () => {
    const app = dockerfile.slice(dockerfile.indexOf(' AS app'), dockerfile.indexOf(' AS tools'));
    expect(app).toMatch(/^USER 1000:1000$/m);
    expect(app).toMatch(/^HEALTHCHECK .*CMD \["node", /m);
    expect(app).toMatch(/^ENTRYPOINT \["node"/m);
    expect(dockerfile.trimEnd()).toMatch(/FROM app$/);
  });
});

describe('docker/compose.yaml', () => {
  it('is found, and follows the Compose Specification', () => {
    expect(services.length).toBeGreaterThan(15);
    expect(schemaFaults(COMPOSE)).toEqual([]);
  });

  it('hardens every container', () => {
    expect(offenders(({ read_only }) => read_only === true)).toEqual([]);
    expect(
      offenders(({ cap_drop, cap_add, privileged }) => cap_drop?.join() === 'ALL' && !cap_add && !privileged),
    ).toEqual([]);
    expect(offenders(({ security_opt }) => security_opt?.join() === 'no-new-privileges:true')).toEqual([]);
    const limits = ['cpus', 'memory', 'pids'];
    expect(offenders(({ deploy }) => limits.every((name) => name in (deploy?.resources?.limits ?? {})))).toEqual([]);
    // our own images name their user; of others we say it
    expect(
      offenders(
        ({ image, user }) => image!.startsWith('partner-ecosystem/') || ![undefined, 'root', '0'].includes(user),
      ),
    ).toEqual([]);
  });

  it('names a version of every image', () => {
    expect(offenders(({ image }) => /:[^:]+$/.test(image ?? '') && !image!.endsWith(':latest'))).toEqual([]);
  });

  it('has no secret in an environment', () => {
    const named = /PASSWORD|SECRET|DATABASE_URL|ADMIN_URL|_KEY$/;
    const exposed = services.flatMap(([name, { environment = {} }]) =>
      Object.keys(environment)
        .filter((variable) => named.test(variable) && !variable.endsWith('_FILE'))
        .map((variable) => `${name} ${variable}`),
    );
    expect(exposed).toEqual([]);
    expect(readFileSync(COMPOSE, 'utf8')).not.toMatch(/postgres(?:ql)?:\/\//);
  });

  it('lets only the apps and what prepares the database for them reach Postgres', () => {
    expect(compose.networks['database']?.internal).toBe(true);
    const reaching = services.filter(([, service]) => networksOf(service).includes('database')).map(([name]) => name);
    const allowed =
      /^(postgres|seed|(prepare|migrate)-.*|(token-service|partner-registry|resource-api)(-behind-(nginx|haproxy))?)$/;
    expect(reaching.filter((name) => !allowed.test(name))).toEqual([]);
    expect(reaching).toContain('token-service');
  });

  it('gives each app its own secrets, and nobody the administrator’s but what prepares the database', () => {
    const mounting = (volume: string) =>
      offenders(({ volumes = [] }) => !volumes.some((one) => one.startsWith(`${volume}:`)));
    expect(mounting('database-admin')).toEqual([
      'pki-init',
      'prepare-token-service',
      'prepare-partner-registry',
      'prepare-resource-api',
    ]);
    expect(mounting('token-service-secrets').filter((name) => !name.includes('token-service'))).toEqual(['pki-init']);
    expect(mounting('resource-api-secrets').filter((name) => !name.includes('resource-api'))).toEqual([
      'pki-init',
      'seed',
    ]);
    expect(mounting('partner-registry-secrets').filter((name) => !name.includes('partner-registry'))).toEqual([
      'pki-init',
      'seed',
    ]);
  });

  it('publishes the balancer, and metrics to this machine alone', () => {
    expect(offenders(({ ports }) => ports === undefined)).toEqual(['balancer', 'prometheus']);
    for (const port of compose.services['prometheus']!.ports!) expect(port).toMatch(/^127\.0\.0\.1:/);
    for (const port of compose.services['balancer']!.ports!) expect(port).toMatch(/^\$\{PUBLISH_ON:-127\.0\.0\.1\}:/);
  });

  it('is held to the specification by a linter that finds faults', () => {
    const folder = mkdtempSync(join(tmpdir(), 'compose-twin-'));
    const twin = join(folder, 'compose.yaml');
    writeFileSync(twin, readFileSync(COMPOSE, 'utf8').replace('group_add:', 'groups_add:'));
    try {
      expect(schemaFaults(twin).join()).toMatch(/groups_add|additional/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
