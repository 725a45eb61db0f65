import { createServer } from 'node:http';
import { ConfigurationError } from '../config/index.js';
import { readCredentials } from '../credentials/read-credentials.js';
import type { RenewCredentials } from '../credentials/renew-credentials.js';
import { answerManagement, Readiness, RequestMetrics, type ManagementOptions } from '../health/index.js';
import { AccessLog } from './access-log.js';
import { connectionsEach } from './bound-connections.js';
import { certificateMetrics } from './certificate-metrics.js';
import { createApp } from './create-app.js';
import { createFastify } from './create-fastify.js';
import { HttpListener, LIMITS, type Handler } from './http-listener.js';
import { namesOf } from './listener-names.js';
import type { RunningApp, ServeOptions } from './serve-options.js';
import { credentialFilesOf, renewCertificates } from './renew-certificates.js';
import { shutDown } from './shut-down.js';
import { stopOnSignal } from './signals.js';
import { TlsListener } from './tls-listener.js';
import { tlsOptions } from './tls-options.js';

const BODY_LIMIT = 65_536;
const MANAGEMENT = 'management';
// Health checks and scrapes; descriptors for them are kept whatever the other listeners hold.
const MANAGEMENT_CONNECTIONS = 64;
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
    allowedOrigins: options.allowedOrigins ?? [],
    refuseUrl: options.refuseUrl,
  });
  const app = await createApp(options, fastify);
  try {
    const readiness = new Readiness(options.readiness(app), options.logger);
    options.metrics?.(metrics.registry, app);
    const management = managementListener(options, { readiness, registry: metrics.registry });
    const handler: Handler = (request, response) => fastify.routing(request, response);
    const connections = connectionsEach(namesOf(options).length);
    const secured = options.listeners.map((listener, index) => {
      const tls = tlsOptions(credentials[index]!, listener.requestClientCertificate);
      return new TlsListener({ ...listener, connections }, tls, handler, options.logger);
    });
    const listeners = [...secured, ...plainListeners(options, connections, handler)];
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

function plainListeners(
  { plainListeners = [], logger }: ServeOptions,
  connections: number,
  handler: Handler,
): HttpListener[] {
  return plainListeners.flatMap(({ port, ...at }) =>
    port === undefined ? [] : [new HttpListener({ ...at, port, connections }, createServer(LIMITS), handler, logger)],
  );
}

function managementListener(
  { management, logger }: ServeOptions,
  shown: Pick<ManagementOptions, 'readiness' | 'registry'>,
): HttpListener {
  const at = { name: MANAGEMENT, ...management, connections: MANAGEMENT_CONNECTIONS };
  const handler: Handler = (request, response) => answerManagement({ ...shown, logger }, request, response);
  return new HttpListener(at, createServer(LIMITS), handler, logger);
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
  management: HttpListener,
): Promise<RunningApp['addresses']> {
  const addresses: RunningApp['addresses'] = {};
  try {
    for (const listener of [...listeners, management]) {
      addresses[listener.name] = await listener.listen(options.logger);
    }
    return addresses;
  } catch (error) {
    [...listeners, management].forEach((listener) => void listener.close());
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
