import { createLogger } from '@partner-ecosystem/platform/logging';
import { runMain } from '@partner-ecosystem/platform/serve';
import { serviceConfig } from './configuration/config.js';
import { serveResourceApi } from './serve-resource-api.js';
import { SERVICE } from './process/service.js';

runMain(SERVICE, async () => {
  const config = serviceConfig();
  return serveResourceApi(config, createLogger({ ...SERVICE, level: config.logLevel }));
});
