import { createLogger } from '@partner-ecosystem/platform/logging';
import { runMain } from '@partner-ecosystem/platform/serve';
import { serviceConfig } from './config.js';
import { serveTokenService } from './serve-token-service.js';
import { VERSION } from './version.js';

runMain(async () => {
  const config = serviceConfig();
  await serveTokenService(config, createLogger({ name: 'token-service', version: VERSION, level: config.logLevel }));
});
