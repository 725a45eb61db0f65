import type { Readable } from 'node:stream';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { accessTokenOf } from '@partner-ecosystem/mtls-binding';
import { Problem } from '@partner-ecosystem/platform/problem';
import { LargeBodies } from '@partner-ecosystem/platform/serve';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** RFC 2585 section 4.2 */
export const PKIX_CRL = 'application/pkix-crl';

const UPLOAD = /\/crls$/;
/** As every other body. */
const ELSEWHERE = 65_536;
/** At once; of the largest ones fewer. */
const [MOST_LISTS, MOST_LARGEST_LISTS] = [4, 2];

/** A CRL as it is, DER or PEM: the one body that may be large, where it is brought and nowhere else. */
export function acceptListBodies(app: NestFastifyApplication, maxBytes: number): void {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const together = new LargeBodies({ bodies: MOST_LISTS, bytes: MOST_LARGEST_LISTS * maxBytes });
  fastify.addHook('preParsing', async (request, reply, payload) => {
    if (mayBeLarge(request)) together.admit(request, reply, maxBytes);
    return payload;
  });
  fastify.addContentTypeParser(PKIX_CRL, async (request: FastifyRequest, payload: Readable) => {
    return { der: (await read(payload, mayBeLarge(request) ? maxBytes : ELSEWHERE)).toString('base64') };
  });
}

// Only after the guard let it in, for this very route: nobody has us keep more before. // T9
function mayBeLarge(request: FastifyRequest): boolean {
  const isUpload = request.method === 'POST' && UPLOAD.test(request.routeOptions.url ?? '');
  return isUpload && accessTokenOf(request) !== undefined;
}

async function read(payload: Readable, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // who sends too much is answered before the connection ends
  for await (const chunk of payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw tooLarge(most);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(most: number): Problem {
  return new Problem({ status: 413, code: 'body_too_large', detail: `The body is larger than ${most} octets.` });
}
