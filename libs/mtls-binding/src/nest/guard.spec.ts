import { createServer as createHttpsServer, request as httpsRequest, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Controller, Get, Module, UseGuards, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AccessToken,
  ClientCertificate,
  ClientCertificateGuard,
  confirmationOf,
  MtlsBindingModule,
  Public,
  remoteKeys,
  RequireScope,
  tlsSocket,
  type BoundToken,
  type CertificateEvidence,
  type MtlsBindingOptions,
} from '../index.js';

@Controller()
class Probe {
  @Get('open') @Public() open() {
    return { open: true };
  }
  @Get('closed') closed(@AccessToken() token: BoundToken, @ClientCertificate() evidence: CertificateEvidence) {
    return { partner: token.partnerId, client: token.clientId, thumbprint: evidence.thumbprint };
  }
  @Get('scoped') @RequireScope('things:read', 'things:list') scoped() {
    return { scoped: true };
  }
  @Get('certificate-only') @Public() @UseGuards(ClientCertificateGuard) certificateOnly(
    @ClientCertificate() evidence: CertificateEvidence,
  ) {
    return { thumbprint: evidence.thumbprint };
  }
}

@Module({})
class ProbeModule {
  static with(binding: MtlsBindingOptions): DynamicModule {
    return {
      module: ProbeModule,
      imports: [MtlsBindingModule.forRootAsync({ useFactory: () => binding })],
      controllers: [Probe],
    };
  }
}

const issuer = 'https://issuer.test';
let authority: Authority;
let server: Issued;
let [alice, mallory]: (Issued | undefined)[] = [];
let signingKey: CryptoKey;
let jwksServer: Server;
let jwksUri: string;
const apps: NestFastifyApplication[] = [];

beforeAll(async () => {
  authority = await createAuthority({ name: 'Test CA' });
  server = await authority.issueServer({ names: ['localhost', '127.0.0.1'] });
  alice = await authority.issueClient({ subject: 'CN=alice' });
  mallory = await authority.issueClient({ subject: 'CN=mallory' });
  const pair = await generateKeyPair('ES256');
  signingKey = pair.privateKey;
  const jwks = JSON.stringify({
    keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }],
  });
  jwksServer = createHttpsServer({ cert: server.chainPem, key: server.privateKeyPem }, (_, response) =>
    response.end(jwks),
  );
  await new Promise<void>((resolve) => jwksServer.listen(0, '127.0.0.1', resolve));
  jwksUri = `https://localhost:${(jwksServer.address() as AddressInfo).port}/jwks`;
});

afterAll(async () => {
  await Promise.all(apps.map((app) => app.close()));
  jwksServer.close();
});

function options(audience: string, extra: Partial<MtlsBindingOptions> = {}): MtlsBindingOptions {
  const dispatcher = new Agent({ connect: { ca: authority.certificatePem } });
  const trusting = ((url: string, init: object) =>
    undiciFetch(url, { ...init, dispatcher })) as unknown as typeof fetch;
  return { issuer, audience, keys: remoteKeys({ jwksUri, fetch: trusting }), certificateSource: tlsSocket(), ...extra };
}

/** Keys that take a while, each time another, so that verifications really overlap and end in another order. */
function slowed(keys: MtlsBindingOptions['keys']): MtlsBindingOptions['keys'] {
  return async (header, token) => {
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 40));
    return keys(header, token);
  };
}

async function start(binding: MtlsBindingOptions): Promise<number> {
  const https = {
    cert: server.chainPem,
    key: server.privateKeyPem,
    requestCert: true,
    rejectUnauthorized: false,
    ca: [],
  };
  const app = await NestFactory.create<NestFastifyApplication>(
    ProbeModule.with(binding),
    new FastifyAdapter({ https }),
    { logger: false, abortOnError: false },
  );
  apps.push(app);
  await app.listen(0, '127.0.0.1');
  return (app.getHttpServer().address() as AddressInfo).port;
}

interface Answer {
  status: number;
  body: Record<string, unknown>;
  challenge: string | undefined;
  headers: Record<string, unknown>;
}

function get(
  port: number,
  path: string,
  as?: Issued,
  headers: Record<string, string | string[]> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const tls = {
      ca: authority.certificatePem,
      agent: false as const,
      ...(as ? { cert: as.chainPem, key: as.privateKeyPem } : {}),
    };
    httpsRequest({ host: 'localhost', port, path, headers, ...tls }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          body: JSON.parse(text) as Record<string, unknown>,
          challenge: response.headers['www-authenticate'],
          headers: response.headers,
        }),
      );
    })
      .on('error', reject)
      .end();
  });
}

function tokenFor(holder: Issued, audience: string, claims: JWTPayload = {}): Promise<string> {
  const body = {
    client_id: 'cli_1',
    partner_id: 'ptn_1',
    scope: 'things:read',
    cnf: confirmationOf(holder.thumbprint),
    ...claims,
  };
  return new SignJWT({ iss: issuer, aud: audience, jti: 'j', ...body })
    .setIssuedAt()
    .setExpirationTime('5m')
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })
    .sign(signingKey);
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('BoundTokenGuard over real TLS', () => {
  const audience = 'https://api.test';
  const resourceMetadataUrl = 'https://api.test/.well-known/oauth-protected-resource';
  let port: number;
  beforeAll(async () => {
    port = await start(options(audience, { resourceMetadataUrl }));
  });

  it('R5: lets the holder of the certificate in, and hands the route token and certificate', async () => {
    const answer = await get(port, '/closed', alice, bearer(await tokenFor(alice!, audience)));
    expect(answer).toMatchObject({
      status: 200,
      body: { partner: 'ptn_1', client: 'cli_1', thumbprint: alice!.thumbprint },
    });
  });

  it.each([
    ['another certificate', () => mallory],
    ['no certificate', () => undefined],
  ])('R5: refuses a stolen token with %s: 401 invalid_token', async (_, thief) => {
    const answer = await get(port, '/closed', thief(), bearer(await tokenFor(alice!, audience)));
    expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    expect(answer.challenge).toMatch(/^Bearer error="invalid_token"/);
  });

  it('R5: refuses a plain bearer token', async () => {
    const answer = await get(port, '/closed', alice, bearer(await tokenFor(alice!, audience, { cnf: undefined })));
    expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
  });

  it('R6: without credentials the challenge is bare and says where the metadata is', async () => {
    const answer = await get(port, '/closed', alice);
    expect(answer).toMatchObject({
      status: 401,
      body: { code: 'unauthorized' },
      challenge: `Bearer resource_metadata="${resourceMetadataUrl}"`,
    });
  });

  it('R1: a token in the query is no token', async () => {
    const answer = await get(port, `/closed?access_token=${await tokenFor(alice!, audience)}`, alice);
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  });

  it('R1: two Authorization headers: 400', async () => {
    const token = await tokenFor(alice!, audience);
    const answer = await get(port, '/closed', alice, { authorization: [`Bearer ${token}`, `Bearer ${token}`] });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('R6, R7: a missing scope is 403 and named, the granted twin passes', async () => {
    const refused = await get(port, '/scoped', alice, bearer(await tokenFor(alice!, audience)));
    expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    expect(refused.challenge).toContain('scope="things:read things:list"');
    const granted = await get(
      port,
      '/scoped',
      alice,
      bearer(await tokenFor(alice!, audience, { scope: 'things:list things:read' })),
    );
    expect(granted.status).toBe(200);
  });

  it('R7: only a public route is open', async () => {
    expect(await get(port, '/open')).toMatchObject({ status: 200, body: { open: true } });
  });

  it('ClientCertificateGuard asks for a certificate and no token', async () => {
    expect(await get(port, '/certificate-only', alice)).toMatchObject({
      status: 200,
      body: { thumbprint: alice!.thumbprint },
    });
    expect(await get(port, '/certificate-only')).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  });

  it('R5: requests that overlap are judged apart: no thief gets in with an owner, no owner out with a thief', async () => {
    const overlapping = await start({ ...options(audience), keys: slowed(options(audience).keys) });
    const headers = bearer(await tokenFor(alice!, audience));
    const callers = Array.from({ length: 60 }, (_, at) => (at % 2 === 0 ? alice : mallory));
    const answers = await Promise.all(callers.map((caller) => get(overlapping, '/closed', caller, headers)));
    expect(answers.map(({ status }) => status)).toEqual(callers.map((caller) => (caller === alice ? 200 : 401)));
  });

  it('two guarded apps in one process judge by their own rules', async () => {
    const other = await start(options('https://other.test'));
    const here = await tokenFor(alice!, audience);
    const there = await tokenFor(alice!, 'https://other.test');
    expect((await get(port, '/closed', alice, bearer(here))).status).toBe(200);
    expect((await get(other, '/closed', alice, bearer(there))).status).toBe(200);
    expect((await get(port, '/closed', alice, bearer(there))).status).toBe(401);
    expect((await get(other, '/closed', alice, bearer(here))).status).toBe(401);
  });

  it('R4, R9, T4: keys from a server whose certificate is not trusted are no keys: 503 with Retry-After', async () => {
    const untrusting = await start(options(audience, { keys: remoteKeys({ jwksUri }) }));
    const answer = await get(untrusting, '/closed', alice, bearer(await tokenFor(alice!, audience)));
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' }, challenge: undefined });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    const bad = await get(untrusting, '/closed', alice, bearer(await tokenFor(alice!, 'https://other.test')));
    expect(bad.status).toBe(401);
  });
});

describe('MtlsBindingModule', () => {
  it.each(['issuer', 'audience', 'keys', 'certificateSource'])(
    'does not start without %s, and says what to set',
    async (missing) => {
      const binding = { ...options('https://api.test'), [missing]: undefined } as unknown as MtlsBindingOptions;
      await expect(start(binding)).rejects.toThrow(new RegExp(`MtlsBindingModule needs ${missing}: `));
    },
  );

  it('R4: remoteKeys refuses plain http', () => {
    expect(() => remoteKeys({ jwksUri: 'http://issuer.test/jwks' })).toThrow(TypeError);
  });

  it('RequireScope refuses to ask for nothing', () => {
    expect(() => (RequireScope as (...scopes: string[]) => unknown)()).toThrow(TypeError);
  });
});
