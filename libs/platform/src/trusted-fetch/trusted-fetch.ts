import { Agent, fetch as undiciFetch, type RequestInit } from 'undici';
import { readCredentials, type CredentialTexts } from '../credentials/read-credentials.js';
import { RenewCredentials } from '../credentials/renew-credentials.js';
import type { GaugeReading } from '../health/index.js';
import type { Logger } from '../logging/index.js';
import { ReplaceableAgent } from './replaceable-agent.js';

/** What calls present of this process. The files are read at once, and again whenever they change. */
export interface ClientCertificateFiles {
  /** PEM, the certificate first, then its chain */
  certFile: string;
  /** PEM, not encrypted */
  keyFile: string;
  /** hears when the pair was renewed, and when what the files hold cannot be used */
  logger: Logger;
  /** milliseconds between two looks at the files, default 5000 */
  checkMs?: number;
}

export interface TrustedFetchOptions {
  /** PEM certificates that are trusted instead of the runtime's own roots; undefined: the runtime's roots */
  ca: string | undefined;
  /** milliseconds for the connection, for the headers and between two pieces of the body; default 5000 */
  timeoutMs?: number;
  /** none: no server is shown a certificate */
  clientCertificate?: ClientCertificateFiles;
}

export type TrustedFetch = typeof fetch & {
  /** `tls_client_certificate_days_left` when there is a client certificate; negative when it has expired */
  gauges(): readonly GaugeReading[];
  /** Cuts its connections, looks at no file any more and refuses further calls. */
  close(): Promise<void>;
};

const CHECK_MS = 5_000;
const DAY_MS = 86_400_000;

/**
 * A `fetch` for calls to other services: https only, the server's certificate and name are verified whatever the
 * environment says (T4), TLS 1.2 or later, no redirects unless asked for, every phase bounded in time, connections kept
 * alive. A renewed client certificate is used by the next call, over a connection of its own.
 * Throws ConfigurationError when the client certificate cannot be used. The calls throw TypeError, as fetch does; its
 * `cause` says why.
 * Does not check: the size of the answer.
 */
export function trustedFetch(options: TrustedFetchOptions): TrustedFetch {
  const { clientCertificate } = options;
  const files = clientCertificate && { ...clientCertificate, owner: 'outgoing calls' };
  const inUse = files && readCredentials(files);
  const agent = new ReplaceableAgent(agentOf(options, inUse));
  const use = (renewed: CredentialTexts): void => agent.replace(agentOf(options, renewed));
  const renewal =
    inUse && new RenewCredentials({ files, inUse, use, kind: 'client certificate', logger: files.logger });
  renewal?.start(clientCertificate?.checkMs ?? CHECK_MS);
  const trusted = async (input: string | URL, init?: RequestInit) => {
    const url = new URL(input);
    if (url.protocol !== 'https:') throw new TypeError('only https: URLs are fetched');
    return undiciFetch(url, { redirect: 'error', ...init, dispatcher: agent.dispatcher });
  };
  // undici's Request and Response are those of the platform in everything but their TypeScript names.
  return Object.assign(trusted as unknown as typeof fetch, {
    gauges: () => (renewal ? [daysLeft(renewal)] : []),
    close: () => {
      renewal?.stop();
      return agent.destroy();
    },
  });
}

function agentOf({ ca, timeoutMs: timeout = 5_000 }: TrustedFetchOptions, own: CredentialTexts | undefined): Agent {
  return new Agent({
    connect: {
      // T4: NODE_TLS_REJECT_UNAUTHORIZED=0 only changes the default, so it is said here.
      ca,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      timeout,
      ...(own && { cert: own.cert, key: own.key }),
    },
    headersTimeout: timeout,
    bodyTimeout: timeout,
  });
}

function daysLeft(renewal: Pick<RenewCredentials, 'notAfter'>): GaugeReading {
  return {
    name: 'tls_client_certificate_days_left',
    help: 'Days until the client certificate in use expires',
    value: () => (renewal.notAfter.getTime() - Date.now()) / DAY_MS,
  };
}
