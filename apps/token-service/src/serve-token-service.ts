import { BoundTokenGuard } from '@partner-ecosystem/mtls-binding';
import { pingDatabase } from '@partner-ecosystem/platform/database';
import { Limits } from '@partner-ecosystem/platform/limits';
import type { Logger } from '@partner-ecosystem/platform/logging';
import { describeApi } from '@partner-ecosystem/platform/openapi';
import { acceptBody, refuseJsonBody, serve, type RunningApp } from '@partner-ecosystem/platform/serve';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import { AuthenticationMetrics } from './authentication-events/authentication-metrics.js';
import { registerClientMetrics } from './clients/registered-clients/register-client-metrics.js';
import { RegisteredClients } from './clients/registered-clients/registered-clients.js';
import type { ServiceConfig } from './configuration/config.js';
import { apiDescription } from './api-description.js';
import { OAuthErrorFilter } from './oauth-endpoints/oauth-error.filter.js';
import { FollowFeed } from './revocation-feed/follow-feed.js';
import { registerFeedMetrics } from './revocation-feed/register-feed-metrics.js';
import { RevocationFeed } from './revocation-feed/revocation-feed.js';
import { registerSigningKeyAges } from './signing-keys/signing-key-ages.js';
import { SigningKeys } from './signing-keys/signing-keys.js';
import { admitRequests } from './oauth-endpoints/admit-requests.js';
import { formBody } from './oauth-endpoints/form-body.js';
import { VERSION } from './process/version.js';

const BODY_LIMIT_BYTES = 16_384;

/** Runs the service until a signal or `stop()`. */
export function serveTokenService(config: ServiceConfig, logger: Logger): Promise<RunningApp> {
  return serve({
    name: 'token-service',
    version: VERSION,
    module: AppModule.forConfig(config, logger),
    logger,
    listeners: config.listeners,
    management: config.management,
    shutdown: config.shutdown,
    guard: (app) => app.get(BoundTokenGuard, { strict: false }),
    bodyLimit: BODY_LIMIT_BYTES,
    exceptionFilter: (log) => new OAuthErrorFilter(log),
    readiness: (app) => [
      { name: 'database', check: () => databaseReachable(app) },
      { name: 'signing_keys', check: async () => app.get(SigningKeys, { strict: false }).assertUsable() },
      { name: 'revocation_feed', check: async () => app.get(RevocationFeed, { strict: false }).assertReadable() },
      { name: 'clock', check: async () => app.get(RevocationFeed, { strict: false }).assertClockAgrees() },
      { name: 'registered_clients', check: () => app.get(RegisteredClients, { strict: false }).assertReadable() },
    ],
    metrics: (registry, app) => {
      app.get(AuthenticationMetrics, { strict: false }).registerIn(registry);
      app.get(Limits, { strict: false }).registerIn(registry);
      registerClientMetrics(registry, app.get(RegisteredClients, { strict: false }).cache);
      registerFeedMetrics(
        registry,
        app.get(RevocationFeed, { strict: false }),
        app.get(FollowFeed, { strict: false }).polls,
      );
      registerSigningKeyAges(registry, app.get(SigningKeys, { strict: false }));
    },
    configure: (app) => {
      admitRequests(app, config.certificateSource);
      refuseJsonBody(app); // A30
      acceptBody(app, 'application/x-www-form-urlencoded', formBody);
      describeApi(app, apiDescription(config));
    },
  });
}

// A balancer that took every replica away at once would end what an outage of Postgres leaves working.
async function databaseReachable(app: NestFastifyApplication): Promise<void> {
  if (!app.get(RegisteredClients, { strict: false }).cache.isBelieved) await pingDatabase(app.get(DataSource));
}
