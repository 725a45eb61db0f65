import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { appSettings, type AppSettings, type Settings } from './app-settings.js';
import { bootstrappedFrom, type Bootstrapped } from './bootstrapped.js';
import { openDatabase } from './database/stack-database.js';
import { assertPortsFree } from './ports/assert-ports-free.js';
import { endedByItself, startApp, untilReady, type AppProcess } from './processes/app-process.js';
import { assertBuilt } from './processes/built-app.js';
import { runCommand } from './processes/one-shot-command.js';
import { logFilesOf, writeStackFiles, type StackFiles } from './stack-files.js';
import { StopList } from './stop-list.js';
import { createAuthorities } from './create-authorities.js';
import { createPki, type ThrowawayPki } from './throwaway-pki.js';
import { APP_NAMES, urlsOf, type AppName, type StackPorts, type StackUrls } from './topology.js';

export interface StackOptions {
  ports: StackPorts;
  /** of the stack alone: made when needed, removed by `stop` */
  directory: string;
  /** a PostgreSQL >= 18 to use instead of the embedded one */
  databaseAdminUrl?: string | undefined;
  logLevel?: string;
  /** false: the registry does nothing but what it is asked for */
  scheduledWork?: boolean;
  /** aborted: the start gives up and undoes itself */
  signal: AbortSignal;
  /** told before each step, e.g. "starting PostgreSQL" */
  onStep?: (step: string) => void;
}

/** The three apps, ready, each a process of its own over TLS; the operator is registered and nobody else. */
export interface Stack {
  urls: StackUrls;
  pki: ThrowawayPki;
  operatorClientId: string;
  /** of the superuser: for looking behind the apps' backs, never for an app */
  databaseAdminUrl: string;
  settings: Record<AppName, Settings>;
  logFiles: Record<AppName, string>;
  pids: Record<AppName, number>;
  /** rejects with StackError `app_ended` when an app dies without being stopped */
  failed: Promise<never>;
  /** apps, then Postgres, then files; a second call waits for the first */
  stop(): Promise<void>;
}

/** Starts everything or nothing. Errors: StackError, TestPostgresError, the signal's reason. */
export async function startStack(options: StackOptions): Promise<Stack> {
  assertBuilt();
  await assertPortsFree(options.ports);
  const stops = new StopList();
  try {
    return await startAll(options, stops);
  } catch (error) {
    await stops.stop().catch((cause: Error) => {
      throw new AggregateError([error, cause], `${String(error)}\nand then: ${cause.message}`);
    });
    throw error;
  }
}

async function startAll(options: StackOptions, stops: StopList): Promise<Stack> {
  const urls = urlsOf(options.ports);
  const removeFiles = (): void => rmSync(options.directory, { recursive: true, force: true, maxRetries: 5 });
  stops.add({ stop: async () => removeFiles(), lastResort: removeFiles });
  const step = (text: string): void => {
    options.signal.throwIfAborted();
    options.onStep?.(text);
  };
  step('making two certificate authorities');
  const pki = await createPki();
  const files = writeStackFiles(options.directory, pki, urls);
  step(options.databaseAdminUrl ? 'creating a database' : 'starting PostgreSQL');
  const database = await openDatabase({ adminUrl: options.databaseAdminUrl, logFile: files.log('postgres') });
  stops.add({ stop: () => database.stop() });
  const passwords = { 'token-service': secret(), 'partner-registry': secret(), 'resource-api': secret() };
  const { ports, logLevel = 'info', scheduledWork = true } = options;
  const settings = appSettings({ ports, database, passwords, files, logLevel, scheduledWork });
  const { operatorClientId, apiClientIds } = await prepare(settings, files, { urls, step });
  const running = settings.running(apiClientIds);
  const apps = await startApps({ settings: running, files, urls, step, stops, signal: options.signal });
  return {
    urls,
    pki,
    operatorClientId,
    databaseAdminUrl: database.adminUrl,
    settings: running,
    logFiles: logFilesOf(files),
    pids: Object.fromEntries(apps.map(({ name, pid }) => [name, pid])) as Record<AppName, number>,
    failed: failureOf(apps, stops),
    stop: () => stops.stop(),
  };
}

function secret(): string {
  return randomBytes(24).toString('base64url');
}

/** Roles and schemas, tables, the first operator and the APIs: what an installation does once. */
async function prepare(
  settings: AppSettings,
  files: StackFiles,
  { urls, step }: { urls: StackUrls; step: (text: string) => void },
): Promise<Bootstrapped> {
  const logFile = files.log('commands');
  step('preparing three schemas, two roles each');
  for (const app of APP_NAMES) {
    await runCommand({ app, command: 'prepare-database', settings: settings.preparing(app), logFile });
  }
  step('migrating');
  // the token service reads a view of the registry's
  for (const app of ['partner-registry', 'token-service', 'resource-api'] as const) {
    await runCommand({ app, command: 'migrate', settings: settings.migrating(app), logFile });
  }
  step('registering the operator and the APIs');
  const output = await runCommand({
    app: 'partner-registry',
    command: 'bootstrap',
    args: [
      ...['--operator-certificate', files.operatorCertificate],
      ...['--registry-certificate', files.apiClients['partner-registry'].certificate],
      ...['--resource-server', files.sampleResourceServer],
    ],
    settings: settings.bootstrapping,
    logFile,
  });
  step('making the certificate authorities of sandbox and production');
  await createAuthorities(settings, files, urls);
  return bootstrappedFrom(output, urls);
}

interface AppsStart {
  settings: Record<AppName, Settings>;
  files: StackFiles;
  urls: StackUrls;
  step: (text: string) => void;
  stops: StopList;
  signal: AbortSignal;
}

/** The token service first: the others are not ready before they have its keys and follow its revocations. */
async function startApps({ settings, files, urls, step, stops, signal }: AppsStart): Promise<AppProcess[]> {
  const apps: AppProcess[] = [];
  for (const group of [['token-service'], ['partner-registry', 'resource-api']] as const) {
    step(`starting ${group.join(' and ')}`);
    const started = group.map((name) => startApp({ name, settings: settings[name], logFile: files.log(name) }));
    stops.add({
      stop: async () => void (await Promise.all(started.map((app) => app.stop()))),
      lastResort: () => started.forEach((app) => app.kill()),
    });
    await Promise.all(started.map((app) => untilReady(app, urls.management[app.name], signal)));
    apps.push(...started);
  }
  return apps;
}

function failureOf(apps: AppProcess[], stops: StopList): Promise<never> {
  const failed = new Promise<never>((_, reject) => {
    for (const app of apps) {
      void app.exited.then((exit) => stops.stopping || reject(endedByItself(app, exit)));
    }
  });
  // whoever is not interested must not be ended by it
  failed.catch(() => undefined);
  return failed;
}
