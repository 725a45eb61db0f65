import { Module, type DynamicModule, type INestApplication, type Type } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { MtlsBindingModule, remoteKeys } from './library.js';
import { binding, fetchAs } from './binding.js';
import { JOSE_RULES, JoseGuard, type JoseRules } from './jose.guard.js';
import type { ReferenceServer } from './reference-server.js';
import { PublicShipmentsController, ShipmentsController } from './shipments.controller.js';

@Module({})
class ShipmentsModule {
  static with(controller: Type, guard: Pick<DynamicModule, 'imports' | 'providers'>): DynamicModule {
    return { module: ShipmentsModule, controllers: [controller], ...guard };
  }
}

/** The same application and route each time, with another guard or none. Not listening yet. */
export async function referenceApp(server: ReferenceServer): Promise<INestApplication> {
  const controller = server.guard === 'public' ? PublicShipmentsController : ShipmentsController;
  const module = ShipmentsModule.with(controller, await guardOf(server));
  const { chainPem, privateKeyPem } = server.identity;
  const https = {
    cert: chainPem,
    key: privateKeyPem,
    minVersion: 'TLSv1.3' as const,
    requestCert: true,
    rejectUnauthorized: false,
    ca: [],
  };
  const settings = { logger: ['warn', 'error'] as ('warn' | 'error')[], abortOnError: false };
  return server.framework === 'fastify'
    ? NestFactory.create(module, new FastifyAdapter({ https }), settings)
    : NestFactory.create(module, new ExpressAdapter(), { ...settings, httpsOptions: https });
}

async function guardOf(server: ReferenceServer): Promise<Pick<DynamicModule, 'imports' | 'providers'>> {
  switch (server.guard) {
    case 'open':
      return {};
    case 'guarded':
    case 'public':
      return { imports: [MtlsBindingModule.forRoot(await binding(server))] };
    case 'jose': {
      const { issuer, audience, jwksUri } = server;
      const keys = remoteKeys({ jwksUri, fetch: fetchAs(server) });
      await keys.ready();
      const rules: JoseRules = { issuer, audience, keys };
      return {
        providers: [
          { provide: JOSE_RULES, useValue: rules },
          { provide: APP_GUARD, useClass: JoseGuard },
        ],
      };
    }
  }
}
