import { tlsSocket } from '@partner-ecosystem/mtls-binding';
import {
  fileText,
  httpsUrl,
  postgresUrl,
  readConfig,
  servingOptions,
  servingVariables,
} from '@partner-ecosystem/platform/config';
import { z } from 'zod';

const CERTIFICATE_SOURCES = { socket: tlsSocket };
const certificateSources = Object.keys(CERTIFICATE_SOURCES) as (keyof typeof CERTIFICATE_SOURCES)[];

const serviceVariables = z.object({
  ...servingVariables({ port: 8444, mtlsPort: 9444, managementPort: 9082 }),
  DATABASE_URL: postgresUrl(),
  ISSUER: httpsUrl(),
  JWKS_URI: httpsUrl(),
  /** PEM of the authority behind the issuer's server certificate; without it the runtime's own roots */
  ISSUER_CA_FILE: fileText().optional(),
  AUDIENCE: httpsUrl(),
  // No default: believing the wrong place would let everybody use everybody's token.
  CERTIFICATE_SOURCE: z.enum(certificateSources, { error: `expected one of ${certificateSources.join(', ')}` }),
});

/** For the commands that read what they need themselves. */
export const environment: NodeJS.ProcessEnv = process.env;

/** @throws ConfigurationError with every fault */
export function serviceConfig(env: NodeJS.ProcessEnv = environment) {
  const given = readConfig(serviceVariables, env);
  return {
    logLevel: given.LOG_LEVEL,
    databaseUrl: given.DATABASE_URL,
    ...servingOptions(given),
    binding: {
      issuer: given.ISSUER,
      jwksUri: given.JWKS_URI,
      issuerCa: given.ISSUER_CA_FILE,
      audience: given.AUDIENCE,
      certificateSource: CERTIFICATE_SOURCES[given.CERTIFICATE_SOURCE](),
    },
  };
}

export type ServiceConfig = ReturnType<typeof serviceConfig>;
export type BindingConfig = ServiceConfig['binding'];

/** For `bootstrap`. @throws ConfigurationError with every fault */
export function bootstrapConfig(env: NodeJS.ProcessEnv = environment) {
  const given = readConfig(z.object({ DATABASE_URL: postgresUrl(), AUDIENCE: httpsUrl() }), env);
  return { databaseUrl: given.DATABASE_URL, audience: given.AUDIENCE };
}

/** For `verify-audit`. @throws ConfigurationError */
export function verifyAuditConfig(env: NodeJS.ProcessEnv = environment) {
  return { databaseUrl: readConfig(z.object({ DATABASE_URL: postgresUrl() }), env).DATABASE_URL };
}
