import { createLogger } from '@partner-ecosystem/platform/logging';
import { runMain } from '@partner-ecosystem/platform/serve';
import { serviceConfig } from './config.js';
import { servePartnerRegistry } from './serve-partner-registry.js';
import { SERVICE } from './service.js';

runMain(async () => {
  const config = serviceConfig();
  return servePartnerRegistry(config, createLogger({ ...SERVICE, level: config.logLevel }));
});
