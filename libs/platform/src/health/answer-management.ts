import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { newRequestId, type Logger } from '../logging/index.js';
import { sendProblem } from '../problem/index.js';
import { edgeRefusal } from '../serve/edge-refusal.js';
import type { Readiness } from './readiness.js';

export interface ManagementOptions {
  readiness: Readiness;
  registry: Registry;
  logger: Logger;
}

/**
 * What the operator's tools ask for: `/livez` (200 while the process turns), `/readyz` (200 or 503), `/metrics`
 * (Prometheus text).
 * Does not check: who asks; it belongs on loopback or a private network.
 */
export function answerManagement(options: ManagementOptions, request: IncomingMessage, response: ServerResponse): void {
  answer(options, request, response).catch((error: unknown) => {
    options.logger.error({ err: error }, 'management request failed');
    if (!response.headersSent) sendJson(response, 500, { status: 'failed' });
    else response.destroy();
  });
}

async function answer(options: ManagementOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refusal = edgeRefusal(request);
  if (refusal) return sendProblem(response, refusal, newRequestId());
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
