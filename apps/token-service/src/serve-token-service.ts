import { pingDatabase } from '@partner-ecosystem/platform/database';
import type { Logger } from '@partner-ecosystem/platform/logging';
import { describeApi } from '@partner-ecosystem/platform/openapi';
import { acceptBody, refuseJsonBody, serve, type RunningApp } from '@partner-ecosystem/platform/serve';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import { RegisteredClients } from './clients/registered-clients.repository.js';
import type { ServiceConfig } from './config.js';
import { apiDescription } from './api-description.js';
import { OAuthErrorFilter } from './oauth-error/oauth-error.filter.js';
import { formBody } from './token/form-body.js';
import { VERSION } from './version.js';

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
    bodyLimit: BODY_LIMIT_BYTES,
    exceptionFilter: (log) => new OAuthErrorFilter(log),
    readiness: (app) => [
      { name: 'database', check: () => pingDatabase(app.get(DataSource)) },
      { name: 'registered_clients', check: () => app.get(RegisteredClients, { strict: false }).assertReadable() },
    ],
    configure: (app) => {
      refuseJsonBody(app); // A30
      acceptBody(app, 'application/x-www-form-urlencoded', formBody);
      describeApi(app, apiDescription(config));
    },
  });
}
