import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createAuthority, type Issued } from '@partner-ecosystem/test-pki';
import { APP_NAMES, type AppName } from '../stack/topology.js';
import { databaseSecrets, type DatabaseSecrets } from './database-urls.js';

/** One file of one volume: `token-service/server.key` is in the volume that only the token service mounts. */
export interface SecretFile {
  path: string;
  content: string;
  /** 0400 unless told */
  mode?: number;
}

/** By which name each app is called, from inside and from outside. */
export type ServerNames = Record<AppName, string>;

const EVERYBODY = 0o444;
// Postgres runs as a user of its own and gets this file by its group.
const GROUP = 0o440;
const LIFETIME_MS = 365 * 24 * 3_600_000;

/**
 * Everything secret of a stack, made now: two authorities, of which only the certificates are kept, the certificates of
 * servers, proxies, APIs and of the operator, passwords, and the key-encryption keys.
 */
export async function secretFiles(names: ServerNames, now: Date): Promise<SecretFile[]> {
  const notAfter = new Date(now.getTime() + LIFETIME_MS);
  const servers = await createAuthority({ name: 'Docker Server CA' });
  const clients = await createAuthority({ name: 'Docker Client CA' });
  const client = (name: string) => clients.issueClient({ subject: `CN=${name},O=Partner Ecosystem`, notAfter });
  const proxies = { nginx: await client('nginx'), haproxy: await client('haproxy') };
  const edge = () => servers.issueServer({ names: Object.values(names), notAfter });
  const perApp = await Promise.all(
    APP_NAMES.map(async (app) => pair(`${app}/server`, await servers.issueServer({ names: [names[app]], notAfter }))),
  );
  return [
    { path: 'public/server-ca.pem', content: servers.certificatePem, mode: EVERYBODY },
    ...perApp.flat(),
    ...pair('partner-registry/client', await client('partner-registry')),
    ...pair('resource-api/client', await client('resource-api')),
    ...pair('operator/operator', await client('operator')),
    ...pair('nginx/server', await edge()),
    ...pair('nginx/proxy', proxies.nginx),
    // HAProxy wants certificate and key in one file
    ...together('haproxy/server', await edge()),
    ...together('haproxy/proxy', proxies.haproxy),
    { path: 'public/nginx-proxy.crt', content: proxies.nginx.certificatePem, mode: EVERYBODY },
    { path: 'public/haproxy-proxy.crt', content: proxies.haproxy.certificatePem, mode: EVERYBODY },
    { path: 'token-service/key-encryption-key', content: randomBytes(32).toString('base64url') },
    { path: 'partner-registry/key-encryption-key', content: randomBytes(32).toString('base64url') },
    { path: 'partner-registry/audit-head.key', content: p256Key() },
    { path: 'root-ca/passphrase', content: randomBytes(24).toString('base64') },
    ...databaseFiles(databaseSecrets()),
  ];
}

function databaseFiles({ superuserPassword, adminUrl, appUrls, migrationUrls }: DatabaseSecrets): SecretFile[] {
  return [
    { path: 'postgres/password', content: superuserPassword, mode: GROUP },
    { path: 'database-admin/url', content: adminUrl },
    ...APP_NAMES.flatMap((app) => [
      { path: `${app}/database-url`, content: appUrls[app] },
      { path: `database-migration/${app}-url`, content: migrationUrls[app] },
    ]),
  ];
}

function pair(path: string, { chainPem, privateKeyPem }: Issued): SecretFile[] {
  return [
    { path: `${path}.crt`, content: chainPem },
    { path: `${path}.key`, content: privateKeyPem },
  ];
}

function together(path: string, { chainPem, privateKeyPem }: Issued): SecretFile[] {
  return [{ path: `${path}.pem`, content: `${chainPem}${privateKeyPem}` }];
}

function p256Key(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
