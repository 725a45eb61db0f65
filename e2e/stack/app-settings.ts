import { appRole } from './database/app-role.js';
import type { StackDatabase } from './database/stack-database.js';
import type { StackFiles } from './stack-files.js';
import { urlsOf, type AppName, type GuardedApp, type StackPorts, type StackUrls } from './topology.js';

export type Settings = Record<string, string>;

/** The environment of each app and of its one-shot commands: least privilege, so an app never sees the admin's URL. */
export interface AppSettings {
  /** @param clientIds what the APIs call themselves at the token service, as the bootstrap gave it */
  running(clientIds: Record<GuardedApp, string>): Record<AppName, Settings>;
  preparing(app: AppName): Settings;
  migrating(app: AppName): Settings;
  bootstrapping: Settings;
  creatingAuthorities: Settings;
}

export interface SettingsInput {
  ports: StackPorts;
  database: StackDatabase;
  /** of the three runtime logins */
  passwords: Record<AppName, string>;
  files: StackFiles;
  logLevel: string;
  scheduledWork: boolean;
}

export function appSettings(input: SettingsInput): AppSettings {
  const { ports, database, passwords } = input;
  const urls = urlsOf(ports);
  const databaseUrl = (app: AppName): string => database.urlFor(appRole(app), passwords[app]);
  const own = ownSettings(input, urls);
  const identity = {
    DATABASE_URL: databaseUrl('partner-registry'),
    AUDIENCE: urls.registry,
    ISSUER: urls.issuer,
  };
  const running = (app: AppName): Settings => ({
    ...listening(input, app),
    ...own[app],
    DATABASE_URL: databaseUrl(app),
  });
  return {
    running: (clientIds) => ({
      'token-service': running('token-service'),
      'partner-registry': { ...running('partner-registry'), CLIENT_ID: clientIds['partner-registry'] },
      'resource-api': { ...running('resource-api'), CLIENT_ID: clientIds['resource-api'] },
    }),
    preparing: (app) => ({ DATABASE_ADMIN_URL: database.adminUrl, DATABASE_URL: databaseUrl(app) }),
    migrating: () => ({ MIGRATION_DATABASE_URL: database.adminUrl }),
    bootstrapping: identity,
    creatingAuthorities: { ...identity, KEY_ENCRYPTION_KEY_FILE: input.files.authorityEncryptionKey },
  };
}

/** What each app has that the others have not. */
function ownSettings({ ports, files, scheduledWork }: SettingsInput, urls: StackUrls): Record<AppName, Settings> {
  const issuer = { ISSUER: urls.issuer, JWKS_URI: urls.jwks, ISSUER_CA_FILE: files.serverCa };
  return {
    'token-service': {
      ISSUER: urls.issuer,
      MTLS_BASE_URL: urls.tokenEndpoint.replace(/\/token$/, ''),
      KEY_ENCRYPTION_KEY_FILE: files.keyEncryptionKey,
    },
    'partner-registry': {
      ...issuer,
      ...asClient(files, 'partner-registry'),
      AUDIENCE: urls.registry,
      KEY_ENCRYPTION_KEY_FILE: files.authorityEncryptionKey,
      HTTP_PORT: String(ports['partner-registry'].http),
      SCHEDULED_WORK: scheduledWork ? 'on' : 'off',
    },
    'resource-api': { ...issuer, ...asClient(files, 'resource-api'), AUDIENCE: urls.resource },
  };
}

function asClient({ apiClients }: StackFiles, app: GuardedApp): Settings {
  const { certificate, key } = apiClients[app];
  return { CLIENT_CERT_FILE: certificate, CLIENT_KEY_FILE: key };
}

function listening({ ports, files, logLevel }: SettingsInput, app: AppName): Settings {
  return {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(ports[app].tls),
    MTLS_PORT: String(ports[app].mtls),
    MANAGEMENT_HOST: '127.0.0.1',
    MANAGEMENT_PORT: String(ports[app].management),
    TLS_CERT_FILE: files.serverCertificate,
    TLS_KEY_FILE: files.serverKey,
    CERTIFICATE_SOURCE: 'socket',
    LOG_LEVEL: logLevel,
    // no balancer stands in front: there is nobody to wait for
    SHUTDOWN_DRAIN_MS: '100',
    SHUTDOWN_DEADLINE_MS: '30000',
  };
}
