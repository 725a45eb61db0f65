import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../problem/index.js';

/**
 * Accepts bodies of one more content type; only application/json is accepted otherwise, everything else is 415.
 * Call it in ServeOptions.configure. `parse` gets the body as text and returns what handlers receive; what it throws
 * becomes 400 `malformed_body`, unless it is a Problem.
 */
export function acceptBody(app: NestFastifyApplication, contentType: string, parse: (text: string) => unknown): void {
  addBodyParser(app.getHttpAdapter().getInstance() as unknown as FastifyInstance, contentType, parse);
}

/** The same, on the engine itself. */
export function addBodyParser(fastify: FastifyInstance, contentType: string, parse: (text: string) => unknown): void {
  fastify.addContentTypeParser(contentType, { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, parse(text.toString()));
    } catch (error) {
      done(error instanceof Problem ? error : malformed(contentType, error));
    }
  });
}

/** Answers JSON bodies with 415 like every other type, for an app whose protocol knows only forms. Call it in configure. */
export function refuseJsonBody(app: NestFastifyApplication): void {
  (app.getHttpAdapter().getInstance() as unknown as FastifyInstance).removeContentTypeParser('application/json');
}

function malformed(contentType: string, cause: unknown): Problem {
  return new Problem({ status: 400, code: 'malformed_body', detail: `The body is not valid ${contentType}.`, cause });
}
