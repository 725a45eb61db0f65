import type { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../problem/index.js';

/** RFC 9110 section 9.2.1, and what asks before it changes anything. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export const ORIGIN_NOT_ALLOWED = 'origin_not_allowed';

/**
 * 403 for a request that may change something and that a browser sends for a page of another origin: browsers present an
 * imported client certificate to whatever a page posts to, `credentials: 'omit'` or not. Servers send neither `Origin`
 * nor `Sec-Fetch-Site`. Decided before every hook of an app: nothing is counted, recorded or read for it. // A35
 * @param allowed origins beside the one that was asked, `https://console.example`; compared as they are
 */
export function refuseForeignOrigins(fastify: FastifyInstance, allowed: readonly string[]): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    done(SAFE_METHODS.has(request.method) || isAllowed(request, allowed) ? undefined : refusal());
  });
}

function isAllowed(request: FastifyRequest, allowed: readonly string[]): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin !== undefined) return allowed.includes(origin) || (origin === ownOrigin(request) && site !== 'cross-site');
  // Fetch Metadata: `none` is the person at the browser, no page.
  return site === undefined || site === 'same-origin' || site === 'none';
}

/**
 * What a page served by this very listener has as its origin. A page cannot choose the Host header, and one whose name was
 * made to point here has no certificate for that name.
 */
function ownOrigin({ raw, headers }: FastifyRequest): string | undefined {
  const url = `${(raw.socket as Partial<TLSSocket>).encrypted ? 'https' : 'http'}://${headers.host}`;
  return headers.host !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
}

function refusal(): Problem {
  const detail = 'Requests from web pages of other origins are refused. Call this API from a server.';
  return new Problem({ status: 403, code: ORIGIN_NOT_ALLOWED, detail });
}
