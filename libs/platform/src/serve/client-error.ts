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
const EXTENSIONS = refusal(413, 'Content Too Large', 'body_too_large', 'The chunk extensions are too large.');
const TUNNEL = refusal(501, 'Not Implemented', 'method_not_implemented', 'There are no tunnels here.');

const BY_CODE: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: OVERFLOW,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: EXTENSIONS,
  ERR_HTTP_REQUEST_TIMEOUT: TIMEOUT,
};

/** After this time a connection is cut whose client does not read what it is told. */
const LINGER_MS = 5_000;

function refusal(status: number, reason: string, code: string, detail: string): Refusal {
  return { status, reason, problem: new Problem({ status, code, detail }) };
}

/**
 * Answers what Node's HTTP parser could not read, and closes the connection. A connection that is gone, or in the
 * middle of an answer, is only cut.
 * Does not check: whether TLS stands; a handshake that failed is for its listener to cut.
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
  answerAndClose(logger, listener, socket, BY_CODE[error.code ?? ''] ?? MALFORMED, error.code);
}

/** Answers CONNECT, which Node hands over as a bare connection or else closes without a word. */
export function refuseTunnel(logger: Logger, listener: string, socket: Duplex): void {
  // Node has taken its own listener away.
  socket.on('error', () => socket.destroy());
  answerAndClose(logger, listener, socket, TUNNEL);
}

function answerAndClose(logger: Logger, listener: string, socket: Duplex, refused: Refusal, parser?: string): void {
  const { status, reason, problem } = refused;
  const requestId = newRequestId();
  logger.info({ request_id: requestId, listener, status, code: problem.code, parser }, 'request refused');
  const body = JSON.stringify(problem.body(requestId));
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    'connection: close',
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    `x-request-id: ${requestId}`,
  ];
  // The callback never comes for a client that reads nothing.
  const cut = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(cut));
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
