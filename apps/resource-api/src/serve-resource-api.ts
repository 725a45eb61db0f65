import { BoundTokenGuard } from '@partner-ecosystem/mtls-binding';
import { Limits } from '@partner-ecosystem/platform/limits';
import type { Logger } from '@partner-ecosystem/platform/logging';
import { serve, type RunningApp } from '@partner-ecosystem/platform/serve';
import { AppModule } from './app.module.js';
import type { ServiceConfig } from './configuration/config.js';
import { describeShipments } from './describe-shipments.js';
import { limitCallers } from './limit-callers.js';
import { issuerMetrics } from './issuer-metrics.js';
import { readinessChecks } from './readiness.js';
import { SERVICE } from './process/service.js';
import { SHIPMENT_PROBLEMS } from './shipments/shipment-problems.js';

/** The API on its listeners: `tls` for what is public, `mtls` for the shipments. */
export function serveResourceApi(config: ServiceConfig, logger: Logger): Promise<RunningApp> {
  const limits = new Limits(config.limits);
  return serve({
    ...SERVICE,
    module: AppModule.forConfig(config, logger),
    logger,
    listeners: config.listeners,
    management: config.management,
    shutdown: config.shutdown,
    readiness: readinessChecks,
    problems: SHIPMENT_PROBLEMS,
    guard: (app) => app.get(BoundTokenGuard, { strict: false }),
    metrics: (registry, app) => {
      issuerMetrics(registry, app);
      limits.registerIn(registry);
    },
    configure: (app) => {
      limitCallers(app, limits, config.binding.certificateSource);
      describeShipments(app, config.binding.audience);
    },
  });
}
