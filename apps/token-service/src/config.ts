import {
  fileText,
  httpsUrl,
  postgresUrl,
  readConfig,
  servingOptions,
  servingVariables,
} from '@partner-ecosystem/platform/config';
import { tlsSocket } from '@partner-ecosystem/mtls-binding';
import { z } from 'zod';
import { KeyEncryptionKey } from './signing-keys/key-encryption-key.js';

const CERTIFICATE_SOURCES = { socket: tlsSocket };
const certificateSources = Object.keys(CERTIFICATE_SOURCES) as (keyof typeof CERTIFICATE_SOURCES)[];

const origin = () =>
  httpsUrl().refine((url) => new URL(url).origin === url, { error: 'expected https://host[:port] without a path' });

const keyEncryptionKey = () =>
  fileText().transform((text, context) => {
    const bytes = Buffer.from(text.trim(), 'base64url');
    if (bytes.length === 32) return new KeyEncryptionKey(bytes);
    context.addIssue({ code: 'custom', message: 'expected a file with 32 random bytes as base64url text' });
    return z.NEVER;
  });

const serviceVariables = z.object({
  ...servingVariables({ port: 8443, mtlsPort: 9443, managementPort: 9081 }),
  ISSUER: origin(),
  MTLS_BASE_URL: origin(),
  DATABASE_URL: postgresUrl(),
  KEY_ENCRYPTION_KEY_FILE: keyEncryptionKey(),
  // No default: believing the wrong place would give every client's tokens to everybody.
  CERTIFICATE_SOURCE: z.enum(certificateSources, { error: `expected one of ${certificateSources.join(', ')}` }),
});

/** @throws ConfigurationError with every fault */
export function serviceConfig(env: NodeJS.ProcessEnv = process.env) {
  const given = readConfig(serviceVariables, env);
  return {
    logLevel: given.LOG_LEVEL,
    databaseUrl: given.DATABASE_URL,
    ...servingOptions(given),
    issuer: given.ISSUER,
    mtlsBaseUrl: given.MTLS_BASE_URL,
    keyEncryptionKey: given.KEY_ENCRYPTION_KEY_FILE,
    certificateSource: CERTIFICATE_SOURCES[given.CERTIFICATE_SOURCE](),
  };
}

export type ServiceConfig = ReturnType<typeof serviceConfig>;

/** For the one-shot commands, which read their own variables from it. */
export const environment: NodeJS.ProcessEnv = process.env;
