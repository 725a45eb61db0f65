import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import {
  Controller,
  Get,
  Module,
  Post,
  UseGuards,
  type DynamicModule,
  type INestApplication,
  type LoggerService,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { createLocalJWKSet } from 'jose';
import {
  AnyScope,
  ClientCertificate,
  ClientCertificateGuard,
  MtlsBindingModule,
  Public,
  type CertificateEvidence,
  type CertificateSource,
  type MtlsBindingOptions,
} from '../index.js';
import { readFeed, signFeed } from '../protocol/revocation-feed.js';
import { RevocationState } from '../revocation/revocation-state.js';
import type { ServerIdentity } from '../testing/index.js';
import { createTestKey } from '../testing/test-key.js';
import { TestTokens } from '../testing/test-tokens.js';

const ISSUER = 'https://issuer.test';
const AUDIENCE = 'https://api.test';

@Controller()
class Probe {
  @Get('closed') @AnyScope() closed(@ClientCertificate() { thumbprint, source }: CertificateEvidence) {
    return { thumbprint, source };
  }
  @Post('closed') @AnyScope() written(@ClientCertificate() { thumbprint, source }: CertificateEvidence) {
    return { thumbprint, source };
  }
  @Get('certificate-only') @Public() @UseGuards(ClientCertificateGuard) certificateOnly(
    @ClientCertificate() { thumbprint, source }: CertificateEvidence,
  ) {
    return { thumbprint, source };
  }
  @Get('open') @Public() open() {
    return { open: true };
  }
}

@Module({})
class ProbeModule {
  static with(binding: MtlsBindingOptions): DynamicModule {
    return { module: ProbeModule, imports: [MtlsBindingModule.forRoot(binding)], controllers: [Probe] };
  }
}

export type Platform = 'express' | 'fastify';

export interface GuardedApp {
  /** of TCP; 0 on a Unix socket */
  port: number;
  /** an access token bound to this certificate */
  tokenFor(holder: { thumbprint: string }): Promise<string>;
  /** connection -> how many requests came over it */
  readonly requestsPerConnection: ReadonlyMap<Socket, number>;
  close(): Promise<void>;
}

export interface GuardedAppOptions {
  platform: Platform;
  certificateSource: CertificateSource;
  /** listens for TLS and asks for certificates; without it plain HTTP */
  identity?: ServerIdentity | undefined;
  /** path of a Unix socket to listen on; default: a free port of 127.0.0.1 */
  path?: string;
  /** default: none */
  logger?: LoggerService;
}

/** An API with this certificate source, tokens of its own issuer, and nothing revoked. */
export async function startGuardedApp({
  platform,
  certificateSource,
  identity,
  path,
  logger,
}: GuardedAppOptions): Promise<GuardedApp> {
  const tokens = new TestTokens(ISSUER, await createTestKey());
  const keys = createLocalJWKSet(tokens.jwks);
  const revocations = await nothingRevoked();
  const module = ProbeModule.with({ issuer: ISSUER, audience: AUDIENCE, keys, certificateSource, revocations });
  const requestsPerConnection = new Map<Socket, number>();
  const app = await create(platform, module, identity, logger);
  const server = app.getHttpServer() as Server;
  server.on('request', ({ socket }) => requestsPerConnection.set(socket, (requestsPerConnection.get(socket) ?? 0) + 1));
  // the one call that both adapters understand
  if (path === undefined) await app.listen(0, '127.0.0.1');
  else await app.listen(path);
  const address = server.address() as AddressInfo | string;
  return {
    port: typeof address === 'string' ? 0 : address.port,
    tokenFor: (certificate) => tokens.mint({ certificate, audience: AUDIENCE }),
    requestsPerConnection,
    close: async () => {
      server.closeAllConnections();
      await app.close();
    },
  };
}

function create(
  platform: Platform,
  module: DynamicModule,
  identity: ServerIdentity | undefined,
  logger: LoggerService | false = false,
): Promise<INestApplication> {
  const settings = { logger, abortOnError: false } as const;
  const https = identity && {
    cert: identity.chainPem,
    key: identity.privateKeyPem,
    requestCert: true,
    rejectUnauthorized: false,
    ca: [],
  };
  if (platform === 'express') {
    return NestFactory.create(module, new ExpressAdapter(), https ? { ...settings, httpsOptions: https } : settings);
  }
  const adapter = https ? new FastifyAdapter({ https }) : new FastifyAdapter();
  return NestFactory.create(module, adapter, settings);
}

async function nothingRevoked(): Promise<RevocationState> {
  const key = await createTestKey();
  const state = new RevocationState();
  const at = new Date();
  const iat = Math.floor(at.getTime() / 1000);
  const about = { epoch: 'e1', seq: 0, since: 0, max_age: 300, entries: [] };
  const jws = await signFeed({ iss: ISSUER, iat, exp: iat + 300, ...about }, key);
  state.apply(await readFeed(jws, { issuer: ISSUER, keys: createLocalJWKSet({ keys: [key.jwk] }) }, at));
  return state;
}
