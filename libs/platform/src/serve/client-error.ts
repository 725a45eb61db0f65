import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { newRequestId, type Logger } from '../logging/index.js';
import { Problem } from '../problem/index.js';

interface Refusal {
  status: number;
  reason: string;
  problem: Problem;
}

const OVERFLOW = refusal(431, 'Request Header Fields Too Large', 'headers_too_large', 'The headers are too large.');
const TIMEOUT = refusal(408, 'Request Timeout', 'request_timeout', 'The request took too long to arrive.');
const MALFORMED = refusal(400, 'Bad Request', 'malformed_request', 'This is not well-formed HTTP.');

function refusal(status: number, reason: string, code: string, detail: string): Refusal {
  return { status, reason, problem: new Problem({ status, code, detail }) };
}

/**
 * Answers what Node's HTTP parser could not read, and closes the connection. A connection that is gone, or in the
 * middle of an answer, is only cut.
 */
export function answerClientError(
  logger: Logger,
  listener: string,
  error: NodeJS.ErrnoException,
  socket: Duplex,
): void {
  // Node's own default handler asks the same private field: writing into a begun answer would corrupt it.
  const answering = (socket as Duplex & { _httpMessage?: ServerResponse })._httpMessage?.headersSent === true;
  if (error.code === 'ECONNRESET' || !socket.writable || answering) {
    socket.destroy();
    return;
  }
  const requestId = newRequestId();
  const { status, reason, problem } = refusalOf(error);
  logger.info({ request_id: requestId, listener, status, code: problem.code, parser: error.code }, 'request refused');
  const body = JSON.stringify(problem.body(requestId));
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    'connection: close',
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    `x-request-id: ${requestId}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

function refusalOf({ code }: NodeJS.ErrnoException): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return OVERFLOW;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? TIMEOUT : MALFORMED;
}
