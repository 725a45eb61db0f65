import { createLogger } from '@partner-ecosystem/platform/logging';
import { runMain } from '@partner-ecosystem/platform/serve';
import { serviceConfig } from './configuration/config.js';
import { serveTokenService } from './serve-token-service.js';
import { VERSION } from './process/version.js';

const SERVICE = { name: 'token-service', version: VERSION };

runMain(SERVICE, async () => {
  const config = serviceConfig();
  await serveTokenService(config, createLogger({ ...SERVICE, level: config.logLevel }));
});
