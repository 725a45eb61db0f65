import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '@partner-ecosystem/platform/logging';
import { serve, type RunningApp } from '@partner-ecosystem/platform/serve';
import { AppModule } from './app.module.js';
import { auditHeadMetrics } from './audit/heads/audit-head-metrics.js';
import { certificateAuthorityMetrics } from './certificate-authority/certificate-authority-metrics.js';
import type { ServiceConfig } from './config.js';
import { acceptRequestBodies } from './conventions/request-bodies.js';
import { describeRegistry } from './describe-registry.js';
import { expiryMetrics } from './expiry/expiry-metrics.js';
import { RegistryProblemFilter } from './problems/registry-problem.filter.js';
import { issuerMetrics } from './issuer-metrics.js';
import { readinessChecks } from './readiness.js';
import { acceptListBodies } from './revocation-lists/accept-list-bodies.js';
import { revocationListMetrics } from './revocation-lists/revocation-list-metrics.js';
import { scheduledTaskMetrics } from './scheduled-work/scheduled-task-metrics.js';
import { SERVICE } from './service.js';

/** The registry on its listeners: `tls` for what is public, `mtls` for everything under /v1, `http` for revocation lists. */
export function servePartnerRegistry(config: ServiceConfig, logger: Logger): Promise<RunningApp> {
  return serve({
    ...SERVICE,
    module: AppModule.forConfig(config, logger),
    logger,
    listeners: config.listeners,
    plainListeners: config.plainListeners,
    management: config.management,
    shutdown: config.shutdown,
    readiness: readinessChecks,
    metrics: (registry, app) => {
      issuerMetrics(registry, app);
      revocationListMetrics(registry, app);
      auditHeadMetrics(registry, app);
      scheduledTaskMetrics(registry, app);
      expiryMetrics(registry, app);
      certificateAuthorityMetrics(registry, app);
    },
    exceptionFilter: (log) => new RegistryProblemFilter(log),
    configure: (app) => configure(app, config),
  });
}

function configure(app: NestFastifyApplication, { revocationLists }: ServiceConfig): void {
  acceptRequestBodies(app);
  acceptListBodies(app, revocationLists.maxBytes);
  describeRegistry(app);
}
