import { CERTIFICATE_SOURCE_NAMES, namedCertificateSource } from '@partner-ecosystem/mtls-binding';
import {
  filePath,
  fileText,
  httpsUrl,
  port,
  postgresUrl,
  readConfig,
  servingOptions,
  servingVariables,
} from '@partner-ecosystem/platform/config';
import { keyEncryptionKey, keyEncryptionVariables } from '@partner-ecosystem/platform/key-encryption';
import { LimitsPolicy, limitsPolicy, limitVariables } from '@partner-ecosystem/platform/limits';
import { z } from 'zod';
import { auditHeadExport, auditHeadVariables, refuseHalfAnExport } from '../audit/heads/audit-head-variables.js';
import {
  authorityPolicy,
  authorityVariables,
  refuseLonePrevious,
} from '../certificate-authority/authority-variables.js';
import { crlFetching, crlVariables } from '../crls/crl-variables.js';

/** For operators' scripts, and a pool of ten connections behind them. */
const LIMITS = new LimitsPolicy({ perClient: { perSecond: 500, burst: 1_000 } });

const serviceVariables = z.object({
  ...servingVariables({ port: 8444, mtlsPort: 9444, managementPort: 9082 }),
  ...limitVariables(LIMITS),
  DATABASE_URL: postgresUrl(),
  ISSUER: httpsUrl(),
  JWKS_URI: httpsUrl(),
  /** PEM of the authority behind the issuer's server certificate; without it the runtime's own roots */
  ISSUER_CA_FILE: fileText().optional(),
  AUDIENCE: httpsUrl(),
  // No default: believing the wrong place would let everybody use everybody's token.
  CERTIFICATE_SOURCE: z.enum(CERTIFICATE_SOURCE_NAMES, {
    error: `expected one of ${CERTIFICATE_SOURCE_NAMES.join(', ')}`,
  }),
  /** PEM of the proxies' own certificates; for every source but `socket` */
  TRUSTED_PROXY_CERTS_FILE: fileText().optional(),
  // As a client of the token service, to follow the revocations.
  CLIENT_ID: clientId(),
  CLIENT_CERT_FILE: filePath(),
  CLIENT_KEY_FILE: filePath(),
  // `off` where other replicas do it: dates are judged when a token is asked for, so a late job keeps nobody in.
  SCHEDULED_WORK: z.enum(['on', 'off'], { error: 'expected on or off' }).default('on'),
  // Without TLS, for CRLs and issuers' certificates alone; not opened unless it is set.
  HTTP_PORT: port().optional(),
  ...authorityVariables,
  ...crlVariables,
  ...auditHeadVariables,
});

/** For the commands that read what they need themselves. */
export const environment: NodeJS.ProcessEnv = process.env;

/** @throws ConfigurationError with every fault */
export function serviceConfig(env: NodeJS.ProcessEnv = environment) {
  const given = readConfig(serviceVariables.superRefine(refuseHalfAnExport).superRefine(refuseLonePrevious), env);
  return {
    logLevel: given.LOG_LEVEL,
    databaseUrl: given.DATABASE_URL,
    ...servingOptions(given),
    limits: limitsPolicy(given),
    plainListeners: [{ name: 'http', host: given.HOST, port: given.HTTP_PORT }],
    certificateAuthority: authorityPolicy(given),
    binding: {
      issuer: given.ISSUER,
      jwksUri: given.JWKS_URI,
      issuerCa: given.ISSUER_CA_FILE,
      audience: given.AUDIENCE,
      certificateSource: namedCertificateSource({
        name: given.CERTIFICATE_SOURCE,
        proxyCertificates: given.TRUSTED_PROXY_CERTS_FILE,
      }),
      clientId: given.CLIENT_ID,
      clientCertificate: { certFile: given.CLIENT_CERT_FILE, keyFile: given.CLIENT_KEY_FILE },
    },
    auditHeads: auditHeadExport(given),
    crls: crlFetching(given),
    scheduledWork: given.SCHEDULED_WORK === 'on',
  };
}

function clientId() {
  const expected = 'expected the own client id, cli_ and 32 hexadecimal digits, as the bootstrap printed it';
  return z.string({ error: expected }).regex(/^cli_[0-9a-f]{32}$/, { error: expected });
}

export type ServiceConfig = ReturnType<typeof serviceConfig>;

const registryIdentity = z.object({ DATABASE_URL: postgresUrl(), AUDIENCE: httpsUrl(), ISSUER: httpsUrl() });

/** For `bootstrap`. @throws ConfigurationError with every fault */
export function bootstrapConfig(env: NodeJS.ProcessEnv = environment) {
  const given = readConfig(registryIdentity, env);
  return { databaseUrl: given.DATABASE_URL, audience: given.AUDIENCE, issuer: given.ISSUER };
}

/** For `renew-registry-client`. @throws ConfigurationError with every fault */
export function renewalConfig(env: NodeJS.ProcessEnv = environment) {
  const given = readConfig(registryIdentity.extend({ CLIENT_ID: clientId().optional() }), env);
  return { databaseUrl: given.DATABASE_URL, audience: given.AUDIENCE, issuer: given.ISSUER, clientId: given.CLIENT_ID };
}

/** For `verify-audit`. @throws ConfigurationError */
export function verifyAuditConfig(env: NodeJS.ProcessEnv = environment) {
  return { databaseUrl: readConfig(z.object({ DATABASE_URL: postgresUrl() }), env).DATABASE_URL };
}

/** For `verify-audit` when it is given exported heads: whose they have to be. @throws ConfigurationError */
export function exportedHeadsConfig(env: NodeJS.ProcessEnv = environment) {
  return { issuer: readConfig(z.object({ AUDIENCE: httpsUrl() }), env).AUDIENCE };
}

/** For `create-ca` without a new authority. @throws ConfigurationError with every fault */
export function authorityListConfig(env: NodeJS.ProcessEnv = environment) {
  const given = readConfig(registryIdentity, env);
  return { databaseUrl: given.DATABASE_URL, identity: { audience: given.AUDIENCE, issuer: given.ISSUER } };
}

/** For commands that make or open the key of an authority. @throws ConfigurationError with every fault */
export function authorityConfig(env: NodeJS.ProcessEnv = environment) {
  const variables = registryIdentity.extend({
    ...keyEncryptionVariables,
    CRL_VALIDITY: authorityVariables.CRL_VALIDITY,
  });
  const given = readConfig(variables, env);
  return {
    databaseUrl: given.DATABASE_URL,
    identity: { audience: given.AUDIENCE, issuer: given.ISSUER },
    encryption: keyEncryptionKey(given),
    listValidityMs: given.CRL_VALIDITY,
  };
}
