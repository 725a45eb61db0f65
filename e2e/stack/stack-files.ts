import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Issued } from '@partner-ecosystem/test-pki';
import type { ThrowawayPki } from './throwaway-pki.js';
import { APP_NAMES, type AppName, type GuardedApp, type StackUrls } from './topology.js';

/** The files the apps are configured with, and their logs. */
export interface StackFiles {
  serverCa: string;
  serverCertificate: string;
  serverKey: string;
  keyEncryptionKey: string;
  /** another one: the registry's authorities are not the token service's to read */
  authorityEncryptionKey: string;
  /** of the platform's root, which nothing that runs has to do with */
  rootDirectory: string;
  rootPassphrase: string;
  operatorCertificate: string;
  /** of the APIs as clients of the token service */
  apiClients: Record<GuardedApp, { certificate: string; key: string }>;
  sampleResourceServer: string;
  log(name: AppName | 'commands' | 'postgres'): string;
}

export const SHIPMENT_SCOPES = ['shipments:read', 'shipments:write'];
/**
 * Of the sample API and of the clients made for it. A registry keeps sandbox and production apart, and the token service,
 * whose revocations the API follows, belongs to production.
 */
export const ENVIRONMENT = 'production';

/** Writes below `directory`, readable by this user only. */
export function writeStackFiles(directory: string, pki: ThrowawayPki, urls: StackUrls): StackFiles {
  const secrets = join(directory, 'secrets');
  const logs = join(directory, 'logs');
  for (const folder of [directory, secrets, logs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, content: string): string => {
    const file = join(secrets, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };
  const pair = (name: string, { chainPem, privateKeyPem }: Issued) => ({
    certificate: write(`${name}.crt`, chainPem),
    key: write(`${name}.key`, privateKeyPem),
  });
  const apiClients = {
    'partner-registry': pair('partner-registry-client', pki.apis['partner-registry']),
    'resource-api': pair('resource-api-client', pki.apis['resource-api']),
  };
  const resourceServer = sampleResourceServer(urls, apiClients['resource-api'].certificate);
  return {
    serverCa: write('server-ca.pem', pki.serverAuthority.certificatePem),
    serverCertificate: write('server.crt', pki.server.chainPem),
    serverKey: write('server.key', pki.server.privateKeyPem),
    keyEncryptionKey: write('key-encryption-key', randomBytes(32).toString('base64url')),
    authorityEncryptionKey: write('authority-encryption-key', randomBytes(32).toString('base64url')),
    rootDirectory: join(directory, 'root-ca'),
    rootPassphrase: write('root-passphrase', randomBytes(24).toString('base64')),
    operatorCertificate: write('operator.crt', pki.operator.certificatePem),
    sampleResourceServer: write('resource-server.json', JSON.stringify(resourceServer, null, 2)),
    apiClients,
    log: (name) => join(logs, `${name}.log`),
  };
}

export function sampleResourceServer(urls: Pick<StackUrls, 'resource'>, clientCertificate: string): object {
  return {
    audience: urls.resource,
    name: 'Shipments API',
    environment: ENVIRONMENT,
    scopes: SHIPMENT_SCOPES.map((name) => ({ name, description: `${name.split(':')[1]} the partner's own shipments` })),
    client: { client_name: 'Shipments API', certificate_file: clientCertificate },
  };
}

export function logFilesOf(files: StackFiles): Record<AppName, string> {
  return Object.fromEntries(APP_NAMES.map((app) => [app, files.log(app)])) as Record<AppName, string>;
}
