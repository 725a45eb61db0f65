import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Issued } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { packLibraries } from '../../package/pack-libraries.js';
import { FreshProject } from './fresh-project.js';
import { GuardedStranger } from './guarded-stranger.js';
import { readmeOf, readmeSamples } from './readme-samples.js';
import type { StrangerProcess } from './stranger-process.js';

const samples = [...readmeSamples('libs/mtls-binding'), ...readmeSamples('libs/x509')];
/** What a new Nest application on both adapters has. */
const NEST = ['common', 'core', 'platform-fastify', 'platform-express'].map((name) => `@nestjs/${name}`);
const BESIDE_NEST = ['reflect-metadata', 'rxjs', '@types/node'];
/** What the README has installed besides the library. */
const PEERS = ['@nestjs/passport', 'passport', 'passport-custom', 'undici'];
const STRICT = {
  target: 'es2023',
  module: 'nodenext',
  strict: true,
  types: ['node'],
  rootDir: '.',
  outDir: 'dist',
  // our types and those that they name are looked at too
  skipLibCheck: false,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  isolatedModules: true,
};
const needsSwagger = (text: string) => text.includes("'@nestjs/swagger'");

const tarballs = mkdtempSync(join(tmpdir(), 'partner-ecosystem-tarballs-'));
const project = new FreshProject();

beforeAll(async () => {
  const packed = packLibraries(tarballs).map(({ tarball }) => tarball);
  await project.install([...packed, ...NEST, ...BESIDE_NEST, ...PEERS]);
  project.write('tsconfig.json', JSON.stringify({ compilerOptions: STRICT, include: ['src', 'test'] }));
  for (const { path, text } of samples) if (!needsSwagger(text)) project.write(path, text);
  await project.node('typescript/bin/tsc', ['-p', '.']);
});

afterAll(() => {
  project.remove();
  rmSync(tarballs, { recursive: true, force: true });
});

describe('a fresh project that installs the tarballs', () => {
  it('compiles every sample of the READMEs, with a bundler too', async () => {
    const paths = samples.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['src/main.ts', 'src/main-express.ts', 'test/shipments.test.ts']));
    expect(new Set(paths).size).toBe(paths.length);
    const bundler = ['--noEmit', '--module', 'esnext', '--moduleResolution', 'bundler'];
    await project.node('typescript-native/bin/tsc', ['-p', '.', ...bundler]);
  });

  it('runs the specs of the README, which need no servers', async () => {
    // By name: Node 20 takes a folder, later ones a pattern; and they differ in what they print unless told.
    const tests = samples.map(({ path }) => path).filter((path) => path.endsWith('.test.ts'));
    const built = tests.map((path) => `dist/${path.replace(/ts$/, 'js')}`);
    const output = await project.run(process.execPath, ['--test', '--test-reporter=tap', ...built]);
    expect(output).toMatch(/^# pass [1-9]/m);
    expect(output).toMatch(/^# fail 0$/m);
  });

  it('finds everything that the library exports in its README', async () => {
    const readme = readmeOf('libs/mtls-binding');
    const script = "console.log(JSON.stringify(Object.keys(await import('@partner-ecosystem/mtls-binding'))))";
    const names = JSON.parse(await project.run(process.execPath, ['--input-type=module', '-e', script])) as string[];
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(readme))).toEqual([]);
  });

  it('has the OpenAPI document described once it has @nestjs/swagger, and not before', async () => {
    const wanted = samples.filter(({ text }) => needsSwagger(text));
    expect(wanted).toHaveLength(1);
    for (const { path, text } of wanted) project.write(path, text);
    await project.install(['@nestjs/swagger']);
    await project.node('typescript/bin/tsc', ['-p', '.']);
    project.write('describe.js', DESCRIBE);
    const { paths } = JSON.parse(await project.run(process.execPath, ['describe.js'])) as { paths: object };
    expect(paths).toMatchObject({
      '/shipments': {
        get: {
          security: [{ mutualTLS: [], oauth2: ['shipments:read'] }],
          responses: { 401: {}, 403: {}, 503: {} },
        },
      },
    });
  });
});

const DESCRIBE = `
import { NestFactory } from '@nestjs/core';
import { testBinding } from '@partner-ecosystem/mtls-binding/testing';
import { AppModule } from './dist/src/app.module.js';
import { openApiOf } from './dist/src/openapi.js';
const { options } = await testBinding();
const app = await NestFactory.create(AppModule.guardedBy(options), { logger: false });
console.log(JSON.stringify(openApiOf(app)));
`;

describe.each(['src/main', 'src/main-express'])("the README's %s.ts over real TLS", (main) => {
  let stranger: GuardedStranger;
  let api: StrangerProcess;
  let url: string;
  let alice: Issued;
  let mallory: Issued;

  beforeAll(async () => {
    stranger = await GuardedStranger.create(project);
    ({ alice, mallory } = stranger.partners);
    ({ api, url } = await stranger.start(`dist/${main}.js`));
  });
  afterAll(async () => {
    await api?.stop();
    await stranger?.stop();
  });

  it('lets the right client in', async () => {
    const answer = await stranger.get(`${url}/shipments`, await stranger.mint({ certificate: alice }), alice);
    expect(answer).toMatchObject({ status: 200, body: { partner: expect.stringMatching(/^ptn_/), shipments: [] } });
  });

  it('refuses a stolen token: over the certificate of somebody else, and over none', async () => {
    const token = await stranger.mint({ certificate: alice });
    for (const thief of [mallory, undefined]) {
      const answer = await stranger.get(`${url}/shipments`, token, thief);
      expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    }
    expect((await stranger.get(`${url}/shipments`, token, alice)).status).toBe(200);
  });

  it('refuses whoever has no token and says where to get one', async () => {
    const answer = await stranger.get(`${url}/shipments`, undefined, alice);
    const metadata = 'https://shipments.example.com/.well-known/oauth-protected-resource';
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(`Bearer resource_metadata="${metadata}"`);
    const document = await stranger.get(`${url}${new URL(metadata).pathname}`);
    expect(document).toMatchObject({ status: 200, body: { scopes_supported: ['shipments:read'] } });
  });

  it('refuses a token without the scope, and a certificate header', async () => {
    const token = await stranger.mint({ certificate: alice, scopes: ['other'] });
    expect((await stranger.get(`${url}/shipments`, token, alice)).status).toBe(403);
    const good = await stranger.mint({ certificate: alice });
    const header = { 'client-cert': ':AAAA:' };
    expect((await stranger.get(`${url}/shipments`, good, alice, header)).status).toBe(400);
  });

  it('leaves what is public open', async () => {
    expect(await stranger.get(`${url}/health`)).toMatchObject({ status: 200, body: { up: true } });
  });

  it('hears of a revocation, and refuses the token that passed before', async () => {
    const token = await stranger.mint({ certificate: alice, clientId: 'cli_gone' });
    expect((await stranger.get(`${url}/shipments`, token, alice)).status).toBe(200);
    await stranger.revokeClient('cli_gone');
    await vi.waitFor(async () => expect((await stranger.get(`${url}/shipments`, token, alice)).status).toBe(401), {
      timeout: 240_000,
      interval: 25,
    });
  });

  it('presents its renewed certificate without a restart', async () => {
    const before = await stranger.requestsOf('/token');
    await stranger.renewOwnCertificate();
    // each one ends a long poll, and the next one is the new certificate's
    for (let polls = 0; polls < 4; polls += 1) {
      const client = `cli_${polls}`;
      const token = await stranger.mint({ certificate: alice, clientId: client });
      await stranger.revokeClient(client);
      await vi.waitFor(async () => expect((await stranger.get(`${url}/shipments`, token, alice)).status).toBe(401), {
        timeout: 240_000,
        interval: 10,
      });
    }
    // the old token is bound to the old certificate: a new one was asked for, and given to the new certificate
    expect(await stranger.requestsOf('/token')).toBe(before + 1);
  });

  it('ends when it is told to', async () => {
    expect(await api.stop()).toBe(0);
  });
});
