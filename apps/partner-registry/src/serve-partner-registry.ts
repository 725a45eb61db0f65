import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '@partner-ecosystem/platform/logging';
import { serve, type RunningApp } from '@partner-ecosystem/platform/serve';
import { AppModule } from './app.module.js';
import type { ServiceConfig } from './config.js';
import { acceptRequestBodies } from './conventions/request-bodies.js';
import { describeRegistry } from './describe-registry.js';
import { RegistryProblemFilter } from './problems/registry-problem.filter.js';
import { readinessChecks } from './readiness.js';
import { SERVICE } from './service.js';

/** The registry on its listeners: `tls` for what is public, `mtls` for everything under /v1. */
export function servePartnerRegistry(config: ServiceConfig, logger: Logger): Promise<RunningApp> {
  return serve({
    ...SERVICE,
    module: AppModule.forConfig(config),
    logger,
    listeners: config.listeners,
    management: config.management,
    shutdown: config.shutdown,
    readiness: readinessChecks,
    exceptionFilter: (log) => new RegistryProblemFilter(log),
    configure: (app) => configure(app),
  });
}

function configure(app: NestFastifyApplication): void {
  acceptRequestBodies(app);
  describeRegistry(app);
}
