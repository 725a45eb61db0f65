import type { ExceptionFilter } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { nestLogger } from '../logging/index.js';
import { ProblemFilter, validationPipe } from '../problem/index.js';
import { admitBeforeBody } from './admit-before-body.js';
import { explainProblems } from './explain-problems.js';
import { guardedFilter } from './guarded-filter.js';
import { namesOf } from './listener-names.js';
import type { ServeOptions } from './serve-options.js';

/** Puts the Nest app on the engine, with the pieces every app has, ready to route but without a socket. */
export async function createApp(options: ServeOptions, fastify: FastifyInstance): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter(fastify as never);
  const app = await NestFactory.create<NestFastifyApplication>(options.module, adapter, {
    logger: nestLogger(options.logger),
    // The engine has its own parsers (JSON, and what acceptBody adds); Nest's would accept forms everywhere.
    bodyParser: false,
    abortOnError: false,
  });
  try {
    app.useGlobalPipes(validationPipe());
    app.useGlobalFilters(filterOf(options));
    await options.configure?.(app);
    explainProblems(fastify, { listeners: namesOf(options), own: options.problems });
    if (options.guard) admitBeforeBody(fastify, options.guard(app));
    await app.init();
    await fastify.ready();
    return app;
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
}

function filterOf({ exceptionFilter, logger }: ServeOptions): ExceptionFilter {
  return exceptionFilter ? guardedFilter(exceptionFilter(logger), logger) : new ProblemFilter(logger);
}
