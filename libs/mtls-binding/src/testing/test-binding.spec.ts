import type { AddressInfo } from 'node:net';
import { Controller, Get, Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { selfSigned } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AccessToken,
  ClientCertificate,
  MtlsBindingModule,
  Public,
  reportOnly,
  RequireScope,
  type BoundToken,
  type CertificateEvidence,
  type MtlsBindingOptions,
} from '../index.js';
import { testBinding, type TestBinding } from './index.js';

@Controller()
class Shipments {
  @Get('shipments') @RequireScope('shipments:read') list(
    @AccessToken() { partnerId, clientId }: BoundToken,
    @ClientCertificate() { der }: CertificateEvidence,
  ) {
    return { partnerId, clientId, der: der.toString('base64') };
  }
  @Get('open') @Public() open() {
    return {};
  }
}

interface Answer {
  status: number;
  body: Record<string, string>;
}
type Ask = (headers?: Record<string, string>, path?: string) => Promise<Answer>;

const apps: INestApplication[] = [];
afterAll(() => Promise.all(apps.map((app) => app.close())));

function moduleWith(options: MtlsBindingOptions) {
  @Module({ imports: [MtlsBindingModule.forRoot(options)], controllers: [Shipments] })
  class AppModule {}
  return AppModule;
}

/** No listener at all: what `app.inject()` asks. */
async function injected(options: MtlsBindingOptions): Promise<Ask> {
  const adapter = new FastifyAdapter();
  const app = await NestFactory.create<NestFastifyApplication>(moduleWith(options), adapter, { logger: false });
  apps.push(await app.init());
  await app.getHttpAdapter().getInstance().ready();
  return async (headers = {}, path = '/shipments') => {
    const response = await app.inject({ url: path, headers });
    return { status: response.statusCode, body: response.json() };
  };
}

/** A plain listener: what supertest asks. */
async function listening(options: MtlsBindingOptions): Promise<Ask> {
  const app = await NestFactory.create(moduleWith(options), new ExpressAdapter(), { logger: false });
  apps.push(app);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return async (headers = {}, path = '/shipments') => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
}

const READ = { scopes: ['shipments:read'] };

describe.each([
  ['app.inject() on Fastify', injected],
  ['a plain listener on Express', listening],
])('testBinding() with %s', (_, start) => {
  let binding: TestBinding;
  let ask: Ask;

  beforeAll(async () => {
    binding = await testBinding();
    ask = await start(binding.options);
  });

  it('lets in a token with the certificate that it was minted for', async () => {
    const { headers, certificate } = await binding.mint({ ...READ, partnerId: 'ptn_1', clientId: 'cli_1' });
    const body = { partnerId: 'ptn_1', clientId: 'cli_1', der: certificate.der.toString('base64') };
    expect(await ask(headers)).toEqual({ status: 200, body });
  });

  it('refuses the same token with another certificate, with none, and a certificate without token', async () => {
    const credentials = await binding.mint(READ);
    expect((await ask(credentials.as(binding.certificate()))).status).toBe(401);
    expect((await ask(credentials.as(null))).status).toBe(401);
    expect((await ask(credentials.certificate.headers)).status).toBe(401);
    expect((await ask()).status).toBe(401);
    expect((await ask(credentials.as(credentials.certificate))).status).toBe(200);
  });

  it('refuses a token without the scope, for another audience, too old, or without a binding', async () => {
    expect((await ask((await binding.mint()).headers)).status).toBe(403);
    expect((await ask((await binding.mint({ ...READ, audience: 'https://other.test' })).headers)).status).toBe(401);
    const issuedAt = new Date(Date.now() - 3_600_000);
    expect((await ask((await binding.mint({ ...READ, issuedAt })).headers)).status).toBe(401);
    expect((await ask((await binding.mint({ ...READ, plain: true })).headers)).status).toBe(401);
  });

  it('gives one certificate two tokens', async () => {
    const certificate = binding.certificate();
    const [first, second] = [
      await binding.mint({ ...READ, certificate }),
      await binding.mint({ ...READ, certificate }),
    ];
    expect(first.token).not.toBe(second.token);
    expect((await ask(first.as(second.certificate))).status).toBe(200);
  });

  it('presents a real certificate to a route that reads it', async () => {
    const { certificatePem, thumbprint } = await selfSigned({ subject: 'CN=alice' });
    const certificate = binding.certificate(certificatePem);
    const { headers } = await binding.mint({ ...READ, certificate });
    expect(certificate.thumbprint).toBe(thumbprint);
    expect((await ask(headers)).body['der']).toBe(certificate.der.toString('base64'));
  });

  it('has a revocation in force at once, for a token that passed before too', async () => {
    const { headers } = await binding.mint({ ...READ, clientId: 'cli_gone' });
    const bystander = await binding.mint({ ...READ, clientId: 'cli_stays' });
    expect((await ask(headers)).status).toBe(200);
    binding.revoke({ kind: 'client', subject: { client_id: 'cli_gone' } });
    expect((await ask(headers)).status).toBe(401);
    expect((await ask(bystander.headers)).status).toBe(200);
  });

  it('answers 503 while the revocations are stale, and 200 after', async () => {
    const { headers } = await binding.mint(READ);
    binding.staleRevocations(true);
    expect((await ask(headers)).status).toBe(503);
    expect((await ask()).status).toBe(401);
    binding.staleRevocations(false);
    expect((await ask(headers)).status).toBe(200);
  });

  it('knows only certificates and tokens of its own: those of another testBinding() are refused', async () => {
    const other = await testBinding();
    const own = await binding.mint(READ);
    expect((await ask(own.as(other.certificate()))).status).toBe(400);
    expect((await ask({ ...own.headers, 'test-client-certificate': own.certificate.thumbprint })).status).toBe(400);
    const theirs = await other.mint(READ);
    expect((await ask(theirs.as(binding.certificate()))).status).toBe(401);
    expect((await ask({}, '/open')).status).toBe(200);
  });
});

describe('the options of testBinding()', () => {
  it('are those of the API where it has some', async () => {
    const mode = reportOnly();
    const own = { issuer: 'https://issuer.example', audience: 'https://api.example', mode };
    const binding = await testBinding(own);
    expect(binding.options).toMatchObject(own);
    const ask = await injected(binding.options);
    expect((await ask((await binding.mint({ ...READ, plain: true })).headers)).status).toBe(200);
    expect((await ask((await binding.mint(READ)).headers)).status).toBe(200);
    expect(mode.total).toBe(1);
  });

  it('make an API that starts with them by accident say so at boot', async () => {
    const { options } = await testBinding();
    expect(options.certificateSource.warnings).toEqual([
      expect.stringMatching(/testing IS INSTALLED.*refuses everybody/),
    ]);
  });
});
