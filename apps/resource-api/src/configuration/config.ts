import { CERTIFICATE_SOURCE_NAMES, namedCertificateSource } from '@partner-ecosystem/mtls-binding';
import {
  filePath,
  fileText,
  httpsUrl,
  postgresUrl,
  readConfig,
  servingOptions,
  servingVariables,
} from '@partner-ecosystem/platform/config';
import { LimitsPolicy, limitsPolicy, limitVariables } from '@partner-ecosystem/platform/limits';
import { z } from 'zod';

/** For partners' servers; each request is a transaction. */
const LIMITS = new LimitsPolicy({ perClient: { perSecond: 500, burst: 1_000 } });

const serviceVariables = z.object({
  ...servingVariables({ port: 8445, mtlsPort: 9445, managementPort: 9083 }),
  ...limitVariables(LIMITS),
  DATABASE_URL: postgresUrl(),
  ISSUER: httpsUrl(),
  JWKS_URI: httpsUrl(),
  /** PEM of the authority behind the issuer's server certificate; without it the runtime's own roots */
  ISSUER_CA_FILE: fileText().optional(),
  // Without a path, because the RFC 9728 metadata of an audience with one would stand elsewhere.
  AUDIENCE: httpsUrl().refine((url) => new URL(url).origin === url, {
    error: 'expected https://host[:port] without a path',
  }),
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
});

/** For the commands, which read what they need themselves. */
export const environment: NodeJS.ProcessEnv = process.env;

/** @throws ConfigurationError with every fault */
export function serviceConfig(env: NodeJS.ProcessEnv = environment) {
  const given = readConfig(serviceVariables, env);
  return {
    logLevel: given.LOG_LEVEL,
    databaseUrl: given.DATABASE_URL,
    ...servingOptions(given),
    limits: limitsPolicy(given),
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
  };
}

function clientId() {
  const expected = 'expected the own client id, cli_ and 32 hexadecimal digits, as the bootstrap printed it';
  return z.string({ error: expected }).regex(/^cli_[0-9a-f]{32}$/, { error: expected });
}

export type ServiceConfig = ReturnType<typeof serviceConfig>;
export type BindingConfig = ServiceConfig['binding'];
