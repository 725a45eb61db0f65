import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { openApiDocument, type ApiDescription } from './open-api-document.js';
import {
  SWAGGER_UI_FILES,
  SWAGGER_UI_POLICY,
  swaggerUiFile,
  swaggerUiInitializer,
  swaggerUiPage,
} from './swagger-ui-page.js';

export interface DescribeApiOptions extends ApiDescription {
  /** default `/docs`; the document is at `<path>/openapi.json` */
  path?: string;
  /** names of the listeners the documentation answers on */
  listeners: readonly string[];
}

type RouteConstraint = NonNullable<RouteOptions['constraints']> & Record<string, unknown>;
type Content = () => string | Buffer | Promise<string | Buffer>;

const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';

/**
 * Serves Swagger UI and the OpenAPI document, open to everybody: the routes are Fastify's, no guard sees them. Call
 * it in ServeOptions.configure. The document and Swagger UI's files are made and read at the first request.
 */
export function describeApi(app: NestFastifyApplication, options: DescribeApiOptions): void {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const base = options.path ?? '/docs';
  const documentUrl = `${base}/openapi.json`;
  const constraints: RouteConstraint = { listener: [...options.listeners] };
  const get = (path: string, type: string, content: Content, cache: string) => {
    const loaded = onceLoaded(content);
    fastify.get(path, { constraints }, (_request, reply) => send(reply, type, cache, loaded));
  };
  get(base, HTML, () => swaggerUiPage(options.title, base), 'no-cache');
  get(`${base}/initializer.js`, SCRIPT, () => swaggerUiInitializer(documentUrl), 'no-cache');
  get(documentUrl, 'application/json', async () => JSON.stringify(await openApiDocument(app, options)), 'no-cache');
  for (const [name, type] of Object.entries(SWAGGER_UI_FILES)) {
    get(`${base}/${name}`, type, () => swaggerUiFile(name), 'public, max-age=3600');
  }
  fastify.get(`${base}/`, { constraints }, (_request: FastifyRequest, reply) => reply.redirect(base, 308));
}

async function send(reply: FastifyReply, type: string, cache: string, content: Content): Promise<FastifyReply> {
  const body = await content();
  return reply
    .header('content-type', type)
    .header('cache-control', cache)
    .header('content-security-policy', SWAGGER_UI_POLICY)
    .send(body);
}

// A failure is not remembered: the next request tries again.
function onceLoaded(content: Content): Content {
  let loaded: Promise<string | Buffer> | undefined;
  return () => {
    loaded ??= Promise.resolve().then(content);
    loaded.catch(() => (loaded = undefined));
    return loaded;
  };
}
