import type { Logger } from '@partner-ecosystem/platform/logging';
import { serve, type RunningApp } from '@partner-ecosystem/platform/serve';
import { AppModule } from './app.module.js';
import type { ServiceConfig } from './config.js';
import { describeShipments } from './describe-shipments.js';
import { issuerMetrics } from './issuer-metrics.js';
import { readinessChecks } from './readiness.js';
import { SERVICE } from './service.js';

/** The API on its listeners: `tls` for what is public, `mtls` for the shipments. */
export function serveResourceApi(config: ServiceConfig, logger: Logger): Promise<RunningApp> {
  return serve({
    ...SERVICE,
    module: AppModule.forConfig(config, logger),
    logger,
    listeners: config.listeners,
    management: config.management,
    shutdown: config.shutdown,
    readiness: readinessChecks,
    metrics: issuerMetrics,
    configure: (app) => describeShipments(app, config.binding.audience),
  });
}
