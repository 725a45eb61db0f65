import { createLogger } from '@partner-ecosystem/platform/logging';
import { runMain } from '@partner-ecosystem/platform/serve';
import { serviceConfig } from './config.js';
import { serveResourceApi } from './serve-resource-api.js';
import { SERVICE } from './service.js';

runMain(async () => {
  const config = serviceConfig();
  return serveResourceApi(config, createLogger({ ...SERVICE, level: config.logLevel }));
});
