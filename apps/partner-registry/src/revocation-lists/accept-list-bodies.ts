import type { Readable } from 'node:stream';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Problem } from '@partner-ecosystem/platform/problem';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** RFC 2585 section 4.2 */
export const PKIX_CRL = 'application/pkix-crl';

const UPLOAD = /\/revocation-lists$/;
/** As every other body. */
const ELSEWHERE = 65_536;

/** A revocation list as it is, DER or PEM: the one body that may be large, where it is brought and nowhere else. */
export function acceptListBodies(app: NestFastifyApplication, maxBytes: number): void {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  fastify.addContentTypeParser(PKIX_CRL, async (request: FastifyRequest, payload: Readable) => {
    // read before anybody looked at the token, so that one without any gets no further than elsewhere
    const isUpload = UPLOAD.test(request.routeOptions.url ?? '') && request.headers.authorization !== undefined;
    return { der: (await read(payload, isUpload ? maxBytes : ELSEWHERE)).toString('base64') };
  });
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
