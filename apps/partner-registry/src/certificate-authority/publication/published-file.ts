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

/** Answers with it, or with 304 to somebody who has it already (RFC 9110 13.2.2: a tag outdoes a date). */
export function sendFile(file: PublishedFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const etag = tagOf(file.content);
  void reply
    .header('etag', etag)
    .header('last-modified', file.lastModified.toUTCString())
    .header('cache-control', `public, max-age=${file.maxAge}`);
  if (isKnown(request, etag, file.lastModified)) return reply.code(304).send();
  return reply.type(file.type).send(file.content);
}

function tagOf(content: Buffer): string {
  const known = tags.get(content);
  if (known !== undefined) return known;
  const tag = `"${createHash('sha256').update(content).digest('base64url')}"`;
  tags.set(content, tag);
  return tag;
}

function isKnown({ headers }: FastifyRequest, etag: string, lastModified: Date): boolean {
  const asked = headers['if-none-match'];
  if (asked !== undefined)
    return asked === '*' || asked.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return since >= Math.floor(lastModified.getTime() / 1000) * 1000;
}
