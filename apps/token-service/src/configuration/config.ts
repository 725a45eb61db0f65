import {
  fileText,
  httpsUrl,
  postgresUrl,
  readConfig,
  servingOptions,
  servingVariables,
} from '@partner-ecosystem/platform/config';
import { keyEncryptionKey, keyEncryptionVariables } from '@partner-ecosystem/platform/key-encryption';
import { CERTIFICATE_SOURCE_NAMES, namedCertificateSource } from '@partner-ecosystem/mtls-binding';
import { z } from 'zod';
import { keySetSource, partnerKeyVariables } from '../clients/partner-keys/partner-key-variables.js';
import { boundsOf, boundVariables } from './bounds.js';
import { refuseContradictions, signingKeyPolicy, signingKeyVariables } from '../signing-keys/signing-key-variables.js';

const origin = () =>
  httpsUrl().refine((url) => new URL(url).origin === url, { error: 'expected https://host[:port] without a path' });

const serviceVariables = z.object({
  ...servingVariables({ port: 8443, mtlsPort: 9443, managementPort: 9081 }),
  ISSUER: origin(),
  MTLS_BASE_URL: origin(),
  DATABASE_URL: postgresUrl(),
  ...keyEncryptionVariables,
  ...signingKeyVariables,
  ...boundVariables,
  ...partnerKeyVariables,
  // No default: believing the wrong place would give every client's tokens to everybody.
  CERTIFICATE_SOURCE: z.enum(CERTIFICATE_SOURCE_NAMES, {
    error: `expected one of ${CERTIFICATE_SOURCE_NAMES.join(', ')}`,
  }),
  /** PEM of the proxies' own certificates; for every source but `socket` */
  TRUSTED_PROXY_CERTS_FILE: fileText().optional(),
});

/** @throws ConfigurationError with every fault */
export function serviceConfig(env: NodeJS.ProcessEnv = process.env) {
  const given = readConfig(serviceVariables.superRefine(refuseContradictions), env);
  return {
    logLevel: given.LOG_LEVEL,
    databaseUrl: given.DATABASE_URL,
    ...servingOptions(given),
    issuer: given.ISSUER,
    mtlsBaseUrl: given.MTLS_BASE_URL,
    keyEncryptionKey: keyEncryptionKey(given),
    signingKeys: signingKeyPolicy(given),
    ...boundsOf(given),
    partnerKeys: keySetSource(given),
    certificateSource: namedCertificateSource({
      name: given.CERTIFICATE_SOURCE,
      proxyCertificates: given.TRUSTED_PROXY_CERTS_FILE,
    }),
  };
}

export type ServiceConfig = ReturnType<typeof serviceConfig>;

/**
 * For commands that need the database alone.
 * @throws ConfigurationError
 */
export function databaseCommandConfig(env: NodeJS.ProcessEnv = process.env) {
  return { databaseUrl: readConfig(z.object({ DATABASE_URL: postgresUrl() }), env).DATABASE_URL };
}

const keyCommandVariables = { DATABASE_URL: postgresUrl(), ...signingKeyVariables };

/**
 * For commands that move signing keys and need not open them.
 * @throws ConfigurationError with every fault
 */
export function keyCommandConfig(env: NodeJS.ProcessEnv = process.env) {
  const given = readConfig(z.object(keyCommandVariables).superRefine(refuseContradictions), env);
  return { databaseUrl: given.DATABASE_URL, signingKeys: signingKeyPolicy(given) };
}

/**
 * For commands that open signing keys or make new ones.
 * @throws ConfigurationError with every fault
 */
export function keyOpeningCommandConfig(env: NodeJS.ProcessEnv = process.env) {
  const variables = z.object({ ...keyCommandVariables, ...keyEncryptionVariables });
  const given = readConfig(variables.superRefine(refuseContradictions), env);
  return {
    databaseUrl: given.DATABASE_URL,
    signingKeys: signingKeyPolicy(given),
    keyEncryptionKey: keyEncryptionKey(given),
  };
}

/** For the one-shot commands, which read their own variables from it. */
export const environment: NodeJS.ProcessEnv = process.env;
