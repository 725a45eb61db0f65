import { createServer, type Server } from 'node:http';
import { ConfigurationError } from '../config/index.js';
import { readCredentials } from '../credentials/read-credentials.js';
import type { RenewCredentials } from '../credentials/renew-credentials.js';
import { managementServer, Readiness, RequestMetrics } from '../health/index.js';
import { AccessLog } from './access-log.js';
import { certificateMetrics } from './certificate-metrics.js';
import { createApp } from './create-app.js';
import { createFastify } from './create-fastify.js';
import { HttpListener, LIMITS, type Handler } from './http-listener.js';
import { listen } from './listen.js';
import type { RunningApp, ServeOptions } from './serve-options.js';
import { credentialFilesOf, renewCertificates } from './renew-certificates.js';
import { shutDown } from './shut-down.js';
import { stopOnSignal } from './signals.js';
import { TlsListener } from './tls-listener.js';
import { tlsOptions } from './tls-options.js';

const BODY_LIMIT = 65_536;
const MANAGEMENT = 'management';
const CERTIFICATE_CHECK_MS = 5_000;
// What app.close() may take after the deadline before a signalled process ends anyway.
const CLOSING_MS = 5_000;

/**
 * Runs a Nest app on one or more TLS listeners, plain ones beside them where wanted, and a plain management listener,
 * until stop() or a signal.
 * Throws TypeError for a route without a listener, ConfigurationError for a certificate or key that cannot be used,
 * ListenError for a port that is taken; nothing is left open then.
 * Does not check: who may call which route.
 */
export async function serve(options: ServeOptions): Promise<RunningApp> {
  assertUsable(options);
  const credentials = options.listeners.map((listener) => readCredentials(credentialFilesOf(listener)));
  const metrics = new RequestMetrics(options);
  const fastify = createFastify({
    listeners: namesOf(options),
    bodyLimit: options.bodyLimit ?? BODY_LIMIT,
    logger: options.logger,
    accessLog: new AccessLog(options.logger, metrics),
  });
  const app = await createApp(options, fastify);
  try {
    const readiness = new Readiness(options.readiness(app), options.logger);
    options.metrics?.(metrics.registry, app);
    const management = managementServer({ readiness, registry: metrics.registry, logger: options.logger });
    const handler: Handler = (request, response) => fastify.routing(request, response);
    const secured = options.listeners.map((listener, index) => {
      const tls = tlsOptions(credentials[index]!, listener.requestClientCertificate);
      return new TlsListener(listener, tls, handler, options.logger);
    });
    const listeners = [...secured, ...plainListeners(options, handler)];
    const addresses = await open(options, listeners, management);
    const renewals = secured.map((server, index) => {
      const { logger } = options;
      return renewCertificates({ listener: options.listeners[index]!, server, inUse: credentials[index]!, logger });
    });
    certificateMetrics(
      metrics.registry,
      secured.map(({ name }, index) => ({ name, renewal: renewals[index]! })),
    );
    renewals.forEach((renewal) => renewal.start(options.certificateCheckMs ?? CERTIFICATE_CHECK_MS));
    return running(options, { listeners, management, readiness, app, addresses, renewals });
  } catch (error) {
    await app.close();
    throw error;
  }
}

// One that is not opened has a name all the same: its routes are declared, and simply not reached by it.
function namesOf({ listeners, plainListeners = [] }: ServeOptions): string[] {
  return [...listeners, ...plainListeners].map(({ name }) => name);
}

function plainListeners({ plainListeners = [], logger }: ServeOptions, handler: Handler): HttpListener[] {
  return plainListeners.flatMap(({ port, ...at }) =>
    port === undefined ? [] : [new HttpListener({ ...at, port }, createServer(LIMITS), handler, logger)],
  );
}

function assertUsable(options: ServeOptions): void {
  const { listeners, shutdown } = options;
  const names = namesOf(options);
  if (listeners.length === 0) throw new TypeError('serve() needs at least one listener');
  if (new Set([...names, MANAGEMENT]).size !== names.length + 1) throw new TypeError('listener names must differ');
  if (shutdown.deadlineMs < shutdown.drainMs) {
    throw new ConfigurationError(['The shutdown deadline must not be earlier than the end of the drain time.']);
  }
}

async function open(
  options: ServeOptions,
  listeners: readonly HttpListener[],
  management: Server,
): Promise<RunningApp['addresses']> {
  const addresses: RunningApp['addresses'] = {};
  try {
    for (const listener of listeners) addresses[listener.name] = await listener.listen(options.logger);
    addresses[MANAGEMENT] = await listen(management, { name: MANAGEMENT, ...options.management });
    return addresses;
  } catch (error) {
    management.close();
    listeners.forEach((listener) => void listener.close());
    throw error;
  }
}

type Parts = Pick<Parameters<typeof shutDown>[0], 'listeners' | 'management' | 'readiness'> &
  Pick<RunningApp, 'app' | 'addresses'> & { renewals: readonly RenewCredentials[] };

function running(options: ServeOptions, { addresses, renewals, ...parts }: Parts): RunningApp {
  const { logger, shutdown } = options;
  let stopped: Promise<void> | undefined;
  const stopNow = async (reason: string): Promise<void> => {
    logger.info({ reason, ...shutdown }, 'stopping');
    renewals.forEach((renewal) => renewal.stop());
    try {
      await shutDown({ ...parts, ...shutdown, logger });
      logger.info('stopped');
    } finally {
      removeHandlers();
    }
  };
  const stop = (reason = 'stop() was called') => (stopped ??= stopNow(reason));
  const removeHandlers = stopOnSignal({ stop, logger, patienceMs: shutdown.deadlineMs + CLOSING_MS });
  logger.info({ node: process.version, addresses }, 'serving');
  return { addresses, app: parts.app, stop };
}
