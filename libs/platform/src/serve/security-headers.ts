import type { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

// Answers are data for machines: not stored, not sniffed, nothing to execute and nothing to frame. A handler that
// sets one of these itself (the documentation page does) is left alone.
const DEFAULTS = Object.entries({
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
});

const TRANSPORT_SECURITY = 'max-age=31536000';

/** Adds the security headers and the request id to every answer that goes through Fastify. */
export function addSecurityHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    setSecurityHeaders(request, reply);
    done(null, payload);
  });
}

/** The same for an answer that bypasses Fastify's hooks. */
export function setSecurityHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  for (const [name, value] of DEFAULTS) {
    if (!reply.hasHeader(name)) reply.header(name, value);
  }
  if (mayAskForTls(request)) reply.header('strict-transport-security', TRANSPORT_SECURITY);
}

// RFC 6797 section 7.2: never without TLS. Browsers apply it to a host on all its ports: on localhost it would break every
// other http:// project there.
function mayAskForTls({ raw, headers }: FastifyRequest): boolean {
  return (raw.socket as Partial<TLSSocket>).encrypted === true && !isLocalhost(headers.host);
}

function isLocalhost(host: string | undefined): boolean {
  return host !== undefined && /^(?:[^/:]+\.)?localhost(?::\d+)?$/i.test(host);
}
