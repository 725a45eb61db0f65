import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { acceptBody, parseJson } from '@partner-ecosystem/platform/serve';
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
  acceptBody(app, MERGE_PATCH, parseJson);
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  fastify.addContentTypeParser(DER, { parseAs: 'buffer' }, (_request, der, done) =>
    done(null, { der: der.toString('base64') }),
  );
  fastify.addContentTypeParser(PKCS10, { parseAs: 'buffer' }, (_request, der, done) =>
    done(null, { csr: der.toString('base64') }),
  );
}
