import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Problem } from '@partner-ecosystem/platform/problem';
import { acceptBody } from '@partner-ecosystem/platform/serve';
import type { FastifyInstance } from 'fastify';

export const MERGE_PATCH = 'application/merge-patch+json';
export const PEM = 'application/x-pem-file';
export const DER = 'application/pkix-cert';
/** RFC 5967: a certification request, DER */
export const PKCS10 = 'application/pkcs10';

/**
 * Every content type besides application/json. The ways to send a certificate, or a request for one, meet here in the
 * members of its JSON form, so that one schema validates them all.
 */
export function acceptRequestBodies(app: NestFastifyApplication): void {
  acceptBody(app, PEM, (pem) => ({ pem }));
  acceptBody(app, MERGE_PATCH, parsedPatch);
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  fastify.addContentTypeParser(DER, { parseAs: 'buffer' }, (_request, der, done) =>
    done(null, { der: der.toString('base64') }),
  );
  fastify.addContentTypeParser(PKCS10, { parseAs: 'buffer' }, (_request, der, done) =>
    done(null, { csr: der.toString('base64') }),
  );
}

function parsedPatch(text: string): unknown {
  try {
    return JSON.parse(text, refusePrototypes);
  } catch (cause) {
    throw new Problem({ status: 400, code: 'malformed_json', detail: 'The body is not valid JSON.', cause });
  }
}

// As the parser of application/json does it.
function refusePrototypes(name: string, value: unknown): unknown {
  if (name === '__proto__') throw new SyntaxError('a member named __proto__');
  return value;
}
