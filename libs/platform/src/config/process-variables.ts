import { z } from 'zod';
import type { ServeOptions } from '../serve/serve-options.js';
import { addressRanges, filePath, host, milliseconds, port } from './pieces.js';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * The variables of a process that serves on two TLS listeners and a management listener; spread into the app's schema.
 * Ports have the defaults given here; the certificate has none.
 */
export function servingVariables(defaults: { port: number; mtlsPort: number; managementPort: number }) {
  return {
    LOG_LEVEL: z.enum(LOG_LEVELS, { error: `expected one of ${LOG_LEVELS.join(', ')}` }).default('info'),
    SHUTDOWN_DRAIN_MS: milliseconds().default(5_000),
    SHUTDOWN_DEADLINE_MS: milliseconds().default(20_000),
    HOST: host().default('0.0.0.0'),
    PORT: port().default(defaults.port),
    MTLS_PORT: port().default(defaults.mtlsPort),
    MANAGEMENT_HOST: host().default('127.0.0.1'),
    MANAGEMENT_PORT: port().default(defaults.managementPort),
    // No default: whoever may say where a caller comes from decides whose limits count.
    PROXY_PROTOCOL_FROM: addressRanges().optional(),
    TLS_CERT_FILE: filePath(),
    TLS_KEY_FILE: filePath(),
  };
}

type Given = z.infer<z.ZodObject<ReturnType<typeof servingVariables>>>;

/** What `serve()` takes of them: the listeners `tls` and `mtls`, of which the second asks for client certificates. */
export function servingOptions(given: Given): Pick<ServeOptions, 'listeners' | 'management' | 'shutdown'> {
  const tls = {
    host: given.HOST,
    certFile: given.TLS_CERT_FILE,
    keyFile: given.TLS_KEY_FILE,
    ...(given.PROXY_PROTOCOL_FROM && { proxyProtocolFrom: given.PROXY_PROTOCOL_FROM }),
  };
  return {
    listeners: [
      { ...tls, name: 'tls', port: given.PORT, requestClientCertificate: false },
      { ...tls, name: 'mtls', port: given.MTLS_PORT, requestClientCertificate: true },
    ],
    management: { host: given.MANAGEMENT_HOST, port: given.MANAGEMENT_PORT },
    shutdown: { drainMs: given.SHUTDOWN_DRAIN_MS, deadlineMs: given.SHUTDOWN_DEADLINE_MS },
  };
}
