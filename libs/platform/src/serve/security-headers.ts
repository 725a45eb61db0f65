import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

// Answers are data for machines: not stored, not sniffed, nothing to execute and nothing to frame. A handler that
// sets one of these itself (the documentation page does) is left alone.
const DEFAULTS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

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
  for (const [name, value] of Object.entries(DEFAULTS)) {
    if (!reply.hasHeader(name)) reply.header(name, value);
  }
  // Browsers apply it to a host on all its ports: on localhost it would break every other http:// project there.
  if (!isLocalhost(request.headers.host)) reply.header('strict-transport-security', TRANSPORT_SECURITY);
}

function isLocalhost(host: string | undefined): boolean {
  return host !== undefined && /^(?:[^/:]+\.)?localhost(?::\d+)?$/i.test(host);
}
