import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A file as it leaves, whoever asks for it. */
export interface PublishedFile {
  readonly content: Buffer;
  readonly type: 'application/pkix-crl' | 'application/pkix-cert' | 'application/x-pem-file';
  readonly lastModified: Date;
  /** seconds that others may keep it */
  readonly maxAge: number;
}

const tags = new WeakMap<Buffer, string>();

/** Answers with it, or with 304 to a caller who has it already by its date; by its tag the platform does. */
export function sendFile(file: PublishedFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  void reply
    .header('etag', tagOf(file.content))
    .header('last-modified', file.lastModified.toUTCString())
    .header('cache-control', `public, max-age=${file.maxAge}`);
  if (isKnown(request, file.lastModified)) return reply.code(304).send();
  return reply.type(file.type).send(file.content);
}

function tagOf(content: Buffer): string {
  const known = tags.get(content);
  if (known !== undefined) return known;
  const tag = `"${createHash('sha256').update(content).digest('base64url')}"`;
  tags.set(content, tag);
  return tag;
}

// RFC 9110 section 13.2.2: a tag outdoes a date.
function isKnown({ headers }: FastifyRequest, lastModified: Date): boolean {
  if (headers['if-none-match'] !== undefined) return false;
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return since >= Math.floor(lastModified.getTime() / 1000) * 1000;
}
