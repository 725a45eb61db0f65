import { setTimeout as pause } from 'node:timers/promises';
import type { CertificateHeader } from '../protocol/certificate-headers/certificate-header.js';
import { PROBE_CERTIFICATE } from '../protocol/certificate-headers/probe-certificate.js';
import { PROBE_BELIEVED_TEXT } from '../protocol/errors.js';
import { ForgedHeaderBelievedError } from './forged-header-believed-error.js';

export interface ProbeForgedHeaderOptions {
  /** https URL of a guarded route of this API as partners reach it: through the proxy. */
  readonly url: string;
  /** The decoder given to `trustedProxy()`. */
  readonly header: CertificateHeader;
  /** Trusts the public certificate and presents none of its own; default: Node's own. // T4 */
  readonly fetch?: typeof fetch;
  /** Milliseconds between two attempts while there is no answer, or the forgery is believed; default 5,000. */
  readonly pauseMs?: number;
}

/**
 * `unknown`: the URL did not answer as a guarded route does, so nothing was learned; `dropped`: the header did not arrive,
 * or was refused; `believed`: it opened the door.
 */
export type ForgedHeaderVerdict = 'unknown' | 'dropped' | 'believed';

export interface ForgedHeaderProbe {
  readonly verdict: ForgedHeaderVerdict;
  /** Probes in the background until the header is dropped. */
  start(): void;
  stop(): Promise<void>;
  /**
   * For readiness. Resolves while nothing is known: before this process is ready, the proxy may not send it anything.
   * @throws ForgedHeaderBelievedError
   */
  ready(): Promise<void>;
}

const TIMEOUT_MS = 5_000;

/**
 * Sends a forged certificate header through the public URL, as an attacker without certificate would. // T6
 * @throws TypeError naming the option that is missing or unusable
 *
 * Does not check: other paths to this API, other names than the decoder's, or what the proxy does later.
 */
export function probeForgedHeader(options: ProbeForgedHeaderOptions): ForgedHeaderProbe {
  assertUsable(options);
  const stopped = new AbortController();
  let verdict: ForgedHeaderVerdict = 'unknown';
  let running: Promise<void> | undefined;
  const probe = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      verdict = (await ask(options, stopped.signal)) ?? verdict;
      if (verdict === 'dropped') return;
      await pause(options.pauseMs ?? TIMEOUT_MS, undefined, { signal: stopped.signal, ref: false }).catch(
        () => undefined,
      );
    }
  };
  return {
    get verdict() {
      return verdict;
    },
    start: () => void (running ??= probe()),
    stop: async () => {
      stopped.abort();
      await running;
    },
    ready: async () => {
      if (verdict === 'believed') throw new ForgedHeaderBelievedError(options.url, options.header.name);
    },
  };
}

/** undefined: no answer that says anything. */
async function ask(
  { url, header, fetch: ours = fetch }: ProbeForgedHeaderOptions,
  signal: AbortSignal,
): Promise<ForgedHeaderVerdict | undefined> {
  const ended = new AbortController();
  const end = () => ended.abort();
  // Not AbortSignal.any() with AbortSignal.timeout(): nothing holds on to the latter, and once it is collected no time ends.
  signal.addEventListener('abort', end, { once: true });
  const timer = setTimeout(end, TIMEOUT_MS);
  try {
    signal.throwIfAborted();
    const answer = await ours(url, {
      headers: { [header.name]: header.encode(PROBE_CERTIFICATE) },
      redirect: 'manual',
      signal: ended.signal,
    });
    const text = (answer.headers.get('www-authenticate') ?? '') + (await answer.text());
    if (text.includes(PROBE_BELIEVED_TEXT)) return 'believed';
    // Without a token a guarded route answers nothing else, whether the header was dropped or refused.
    return answer.status === 401 || answer.status === 400 ? 'dropped' : undefined;
  } catch {
    return undefined; // not there yet: the next attempt may find it
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

function assertUsable({ url, header }: ProbeForgedHeaderOptions): void {
  if (typeof url !== 'string' || !URL.canParse(url) || new URL(url).protocol !== 'https:') {
    throw new TypeError('probeForgedHeader() needs url: the public https URL of a guarded route of this API');
  }
  if (typeof header?.encode !== 'function') {
    throw new TypeError('probeForgedHeader() needs header: the decoder that trustedProxy() was given');
  }
}
