import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { BoundTokenGuard } from '@partner-ecosystem/mtls-binding';
import { Limits } from '@partner-ecosystem/platform/limits';
import type { Logger } from '@partner-ecosystem/platform/logging';
import { serve, type RunningApp } from '@partner-ecosystem/platform/serve';
import { holdsPrivateKey } from '@partner-ecosystem/x509';
import { auditHeadMetrics } from './audit/heads/audit-head-metrics.js';
import { certificateAuthorityMetrics } from './certificate-authority/certificate-authority-metrics.js';
import { privateKeyInRequest } from './problems/certificate.errors.js';
import type { ServiceConfig } from './configuration/config.js';
import { acceptRequestBodies } from './http/request-bodies.js';
import { describeRegistry } from './describe-registry.js';
import { expiryMetrics } from './expiry/expiry-metrics.js';
import { PROBLEMS } from './problems/problem-table.js';
import { refusal, RegistryProblemFilter } from './problems/registry-problem.filter.js';
import { limitCallers } from './limit-callers.js';
import { issuerMetrics } from './issuer/issuer-metrics.js';
import { readinessChecks } from './readiness.js';
import { RegistryModule } from './registry.module.js';
import { acceptListBodies } from './crls/accept-list-bodies.js';
import { crlMetrics } from './crls/crl-metrics.js';
import { scheduledTaskMetrics } from './scheduled-work/scheduled-task-metrics.js';
import { SERVICE } from './process/service.js';

/** The registry on its listeners: `tls` for what is public, `mtls` for everything under /v1, `http` for CRLs. */
export function servePartnerRegistry(config: ServiceConfig, logger: Logger): Promise<RunningApp> {
  const limits = new Limits(config.limits);
  return serve({
    ...SERVICE,
    module: RegistryModule.forConfig(config, logger),
    logger,
    listeners: config.listeners,
    plainListeners: config.plainListeners,
    management: config.management,
    shutdown: config.shutdown,
    readiness: readinessChecks,
    guard: (app) => app.get(BoundTokenGuard, { strict: false }),
    metrics: (registry, app) => {
      issuerMetrics(registry, app);
      limits.registerIn(registry);
      crlMetrics(registry, app);
      auditHeadMetrics(registry, app);
      scheduledTaskMetrics(registry, app);
      expiryMetrics(registry, app);
      certificateAuthorityMetrics(registry, app);
    },
    exceptionFilter: (log) => new RegistryProblemFilter(log),
    problems: PROBLEMS,
    // A45: a key in a path or query is neither logged nor echoed, and its owner is told to replace it.
    refuseUrl: (url) => (holdsPrivateKey(url) ? refusal(privateKeyInRequest()) : undefined),
    configure: (app) => {
      limitCallers(app, limits, config.binding.certificateSource);
      configure(app, config);
    },
  });
}

function configure(app: NestFastifyApplication, { crls }: ServiceConfig): void {
  acceptRequestBodies(app);
  acceptListBodies(app, crls.maxBytes);
  describeRegistry(app);
}
