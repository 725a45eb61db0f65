import { z } from 'zod';
import { filePath, host, milliseconds, port } from './pieces.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** The variables of a process's own behaviour; spread into the app's schema. */
export const processVariables = {
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `expected one of ${LOG_LEVELS.join(', ')}` }).default('info'),
  SHUTDOWN_DRAIN_MS: milliseconds().default(5_000),
  SHUTDOWN_DEADLINE_MS: milliseconds().default(20_000),
};

/** The variables of an app's sockets; spread into the app's schema. The certificate has no default. */
export const listenerVariables = {
  HOST: host().default('0.0.0.0'),
  PORT: port(),
  MTLS_PORT: port(),
  MANAGEMENT_HOST: host().default('127.0.0.1'),
  MANAGEMENT_PORT: port(),
  TLS_CERT_FILE: filePath(),
  TLS_KEY_FILE: filePath(),
};
