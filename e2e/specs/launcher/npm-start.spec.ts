import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { HttpsClient } from '../../stack/admin/https-client.js';
import { requestToken } from '../../stack/admin/request-token.js';
import { freePorts } from '../../stack/ports/free-ports.js';
import { isPortFree } from '../../stack/ports/is-port-free.js';
import { portOf, PORT_VARIABLES } from '../../stack/ports/port-variables.js';
import type { StackPorts } from '../../stack/topology.js';
import { LaunchedProcess, TemporaryFolder } from './launched-process.js';

const TIMEOUT_MS = 900_000;
const UP = 'Ctrl-C stops everything';

describe('npm start', () => {
  const temporary = new TemporaryFolder();
  const home = new TemporaryFolder();
  const local = join(home.path, 'local');
  afterAll(() => {
    temporary.remove();
    home.remove();
  });

  const start = (ports: StackPorts, more: Record<string, string> = {}) =>
    new LaunchedProcess('stack', [], {
      ...variablesOf(ports),
      TMPDIR: temporary.path,
      LOCAL_DIRECTORY: local,
      ...more,
    });

  it('explains itself', async () => {
    const { code, stdout } = await new LaunchedProcess('stack', ['--help'], {}).ended;
    expect(code).toBe(0);
    for (const { variable } of PORT_VARIABLES) expect(stdout).toContain(variable);
  });

  it('names a busy port and the variable that moves it, before anything is started', async () => {
    const ports = await freePorts();
    const server = createServer().listen(ports['partner-registry'].mtls, '127.0.0.1');
    await once(server, 'listening');
    const { code, stdout, stderr } = await start(ports).ended;
    server.close();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`port ${ports['partner-registry'].mtls} `);
    expect(stderr).toContain('PARTNER_REGISTRY_MTLS_PORT');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect([existsSync(local), temporary.content]).toEqual([false, []]);
  });

  it('names every fault of its variables', async () => {
    const wrong = {
      TOKEN_SERVICE_PORT: 'abc',
      RESOURCE_API_PORT: '70000',
      DATABASE_ADMIN_URL: 'mysql://root:hidden@db',
    };
    const { code, stderr } = await start(await freePorts(), wrong).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('TOKEN_SERVICE_PORT');
    expect(stderr).toContain('RESOURCE_API_PORT');
    expect(stderr).toContain('DATABASE_ADMIN_URL');
    expect(stderr).not.toContain('hidden');
  });

  it('writes what a person needs, serves it, and leaves nothing after SIGTERM', { timeout: TIMEOUT_MS }, async () => {
    const launcher = start(await freePorts());
    await launcher.prints(UP);
    const files = ['operator', 'acme', 'globex'].flatMap((name) =>
      ['crt', 'key', 'p12'].map((kind) => `${name}.${kind}`),
    );
    expect(readdirSync(local)).toEqual(expect.arrayContaining([...files, 'ca.pem', 'env']));
    expect(statSync(local).mode & 0o777).toBe(0o700);
    for (const file of [...files, 'env']) expect(statSync(join(local, file)).mode & 0o777, file).toBe(0o600);
    await expectServed(environmentIn(join(local, 'env')), local);

    launcher.kill('SIGTERM');
    const { code, stderr } = await launcher.ended;
    expect([code, stderr]).toEqual([0, '']);
    expect([existsSync(local), temporary.content]).toEqual([false, []]);
  });

  it(
    'after a SIGKILL the apps end by themselves and the next start clears what is left',
    { timeout: TIMEOUT_MS },
    async () => {
      const ports = await freePorts();
      const killed = start(ports);
      await killed.prints(UP);
      killed.kill('SIGKILL');
      await killed.ended;
      await untilFree(PORT_VARIABLES.map((variable) => portOf(ports, variable)));
      expect(temporary.content).not.toEqual([]);

      const next = start(ports);
      await next.prints(UP);
      const second = await start(await freePorts()).ended;
      expect([second.code, second.stderr]).toEqual([1, expect.stringContaining('LOCAL_DIRECTORY')]);
      await expectServed(environmentIn(join(local, 'env')), local);
      next.kill('SIGINT');
      next.kill('SIGINT');
      const { code, stdout } = await next.ended;
      expect(code).toBe(0);
      expect(stdout.match(/Stopping …/g)).toHaveLength(1);
      expect([existsSync(local), temporary.content]).toEqual([false, []]);
    },
  );

  it('undoes a start that is interrupted', { timeout: TIMEOUT_MS }, async () => {
    const launcher = start(await freePorts());
    await launcher.prints('migrating');
    launcher.kill('SIGINT');
    const { code, stderr } = await launcher.ended;
    expect([code, stderr]).toEqual([0, '']);
    expect([existsSync(local), temporary.content]).toEqual([false, []]);
  });
});

function variablesOf(ports: StackPorts): Record<string, string> {
  return Object.fromEntries(
    PORT_VARIABLES.map(({ app, listener, variable }) => [variable, String(ports[app][listener])]),
  );
}

/** As a shell reads it. */
function environmentIn(file: string): Record<string, string> {
  const printed = execFileSync('/bin/sh', ['-c', '. "$0" && env -0', file], { env: {}, encoding: 'utf8' });
  return Object.fromEntries(printed.split('\0').map((line) => line.split(/=(.*)/s) as [string, string]));
}

async function expectServed(env: Record<string, string>, local: string): Promise<void> {
  const read = (name: string): string => readFileSync(join(local, name), 'utf8');
  const acme = { chainPem: read('acme.crt'), privateKeyPem: read('acme.key') };
  const globex = { chainPem: read('globex.crt'), privateKeyPem: read('globex.key') };
  const operator = { chainPem: read('operator.crt'), privateKeyPem: read('operator.key') };
  const client = new HttpsClient(readFileSync(env['CA']!, 'utf8'));
  const ask = async (
    identity: typeof acme,
    clientId: string | undefined,
    resource: string | undefined,
  ): Promise<string> => {
    const request = { tokenEndpoint: env['TOKEN_ENDPOINT']!, clientId: clientId!, identity, resource: resource! };
    return String((await requestToken(client, request)).body['access_token']);
  };
  const token = await ask(acme, env['ACME_CLIENT_ID'], env['RESOURCE_AUDIENCE']);
  const shipments = (identity: typeof acme) => client.send({ url: `${env['RESOURCE']}/v1/shipments`, identity, token });
  expect((await shipments(acme)).status).toBe(200);
  expect((await shipments(globex)).status).toBe(401);
  expect(await ask(globex, env['GLOBEX_CLIENT_ID'], env['RESOURCE_AUDIENCE'])).toMatch(/^eyJ/);
  const admin = await ask(operator, env['OPERATOR_CLIENT_ID'], env['REGISTRY_AUDIENCE']);
  const partners = await client.send({ url: `${env['REGISTRY']}/v1/partners`, identity: operator, token: admin });
  expect(partners.status).toBe(200);
  expect((await client.send({ url: `${env['ISSUER']}/jwks` })).status).toBe(200);
  await client.close();
}

async function untilFree(ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    const free = async () => expect(await isPortFree(port), `port ${port} is still in use`).toBe(true);
    await vi.waitFor(free, { timeout: 240_000 });
  }
}
