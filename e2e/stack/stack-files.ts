import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ThrowawayPki } from './throwaway-pki.js';
import { APP_NAMES, type AppName, type StackUrls } from './topology.js';

/** The files the apps are configured with, and their logs. */
export interface StackFiles {
  serverCa: string;
  serverCertificate: string;
  serverKey: string;
  keyEncryptionKey: string;
  operatorCertificate: string;
  sampleResourceServer: string;
  log(name: AppName | 'commands' | 'postgres'): string;
}

export const SHIPMENT_SCOPES = ['shipments:read', 'shipments:write'];
/** Of the sample API and of the clients made for it; a registry keeps sandbox and production apart. */
export const ENVIRONMENT = 'sandbox';

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
  return {
    serverCa: write('server-ca.pem', pki.serverAuthority.certificatePem),
    serverCertificate: write('server.crt', pki.server.chainPem),
    serverKey: write('server.key', pki.server.privateKeyPem),
    keyEncryptionKey: write('key-encryption-key', randomBytes(32).toString('base64url')),
    operatorCertificate: write('operator.crt', pki.operator.certificatePem),
    sampleResourceServer: write('resource-server.json', JSON.stringify(sampleResourceServer(urls), null, 2)),
    log: (name) => join(logs, `${name}.log`),
  };
}

function sampleResourceServer(urls: StackUrls): object {
  return {
    audience: urls.resource,
    name: 'Shipments API',
    environment: ENVIRONMENT,
    scopes: SHIPMENT_SCOPES.map((name) => ({ name, description: `${name.split(':')[1]} the partner's own shipments` })),
  };
}

export function logFilesOf(files: StackFiles): Record<AppName, string> {
  return Object.fromEntries(APP_NAMES.map((app) => [app, files.log(app)])) as Record<AppName, string>;
}
