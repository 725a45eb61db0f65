import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Logger } from '../logging/index.js';
import type { Readiness } from './readiness.js';

export interface ManagementOptions {
  readiness: Readiness;
  registry: Registry;
  logger: Logger;
}

/**
 * A plain HTTP server, not yet listening, for the operator's tools: `/livez` (200 while the process turns),
 * `/readyz` (200 or 503), `/metrics` (Prometheus text).
 * Does not check: who asks; it belongs on loopback or a private network.
 */
export function managementServer(options: ManagementOptions): Server {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000 }, (request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      options.logger.error({ err: error }, 'management request failed');
      if (!response.headersSent) sendJson(response, 500, { status: 'failed' });
      else response.destroy();
    });
  });
  return server;
}

async function answer(options: ManagementOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return sendJson(response, 405, { status: 'method not allowed' });
  }
  const path = String(request.url?.split('?', 1)[0]);
  switch (path) {
    case '/livez':
      return sendJson(response, 200, { status: 'live' });
    case '/readyz': {
      const report = await options.readiness.report();
      return sendJson(response, report.ready ? 200 : 503, report);
    }
    case '/metrics':
      response.setHeader('content-type', options.registry.contentType);
      response.end(await options.registry.metrics());
      return;
    default:
      return sendJson(response, 404, { status: 'not found' });
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
