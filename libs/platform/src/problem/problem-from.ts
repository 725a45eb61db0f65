import { HttpException } from '@nestjs/common';
import { whyDatabaseUnavailable } from '../database/why-database-unavailable.js';
import { LimitExceededError } from '../limits/limit-exceeded-error.js';
import { Problem } from './problem.js';

interface KnownFault {
  status: number;
  code: string;
  detail: string;
}

// What Fastify and Node say in their own messages (paths, limits, parser states) stays in the log.
const FASTIFY_FAULTS: Readonly<Record<string, KnownFault>> = {
  FST_ERR_BAD_URL: { status: 400, code: 'malformed_url', detail: 'The URL is not well formed.' },
  FST_ERR_MAX_PARAM_LENGTH: { status: 414, code: 'url_too_long', detail: 'A part of the path is too long.' },
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, code: 'malformed_json', detail: 'The body is not valid JSON.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, code: 'malformed_json', detail: 'The body is empty; send JSON.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'malformed_body',
    detail: 'The body is not as long as Content-Length says.',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    code: 'body_too_large',
    detail: 'The body is larger than is accepted here.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'unsupported_media_type',
    detail: 'This content type is not accepted here.',
  },
  FST_ERR_CTP_INVALID_TYPE: {
    status: 415,
    code: 'unsupported_media_type',
    detail: 'This content type is not accepted here.',
  },
};

const STATUS_FAULTS: Readonly<Record<number, Omit<KnownFault, 'status'>>> = {
  400: { code: 'invalid_request', detail: 'The request is not well formed.' },
  401: { code: 'unauthorized', detail: 'Credentials are missing or not accepted.' },
  403: { code: 'forbidden', detail: 'This is not allowed.' },
  404: { code: 'not_found', detail: 'There is nothing here.' },
  405: { code: 'method_not_allowed', detail: 'This method is not allowed here.' },
  406: { code: 'not_acceptable', detail: 'None of the accepted content types can be served.' },
  409: { code: 'conflict', detail: 'The request conflicts with the present state.' },
  413: { code: 'body_too_large', detail: 'The body is larger than is accepted here.' },
  415: { code: 'unsupported_media_type', detail: 'This content type is not accepted here.' },
  422: { code: 'unprocessable', detail: 'The request cannot be carried out as it is.' },
  429: { code: 'too_many_requests', detail: 'Too many requests; try again later.' },
  503: { code: 'unavailable', detail: 'The service cannot answer right now. Try again shortly.' },
};

const SERVER_FAULT = {
  code: 'internal_error',
  detail: 'The server failed. Quote the request_id when you report this.',
};

/**
 * Anything thrown while a request was served as a Problem; the thrown value stays as `cause` unless it was one.
 * Fastify's and Nest's errors keep their status; a database that is away, full, locked or too slow is 503; whatever is
 * not known is a 500 that says nothing.
 */
export function problemFrom(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof LimitExceededError) return fromLimit(thrown);
  const known = fastifyFault(thrown) ?? fastifyFault((thrown as { cause?: unknown } | undefined)?.cause);
  if (known) return new Problem({ ...known, cause: thrown });
  if (thrown instanceof HttpException) return fromHttpException(thrown);
  const status = statusOf(thrown);
  return byStatus(status === 500 && whyDatabaseUnavailable(thrown) ? 503 : status, thrown);
}

function fromLimit(exceeded: LimitExceededError): Problem {
  const seconds = exceeded.retryAfterSeconds;
  if (seconds === undefined) return byStatus(503, exceeded);
  const headers = { 'retry-after': String(seconds) };
  return new Problem({ status: 429, ...STATUS_FAULTS[429]!, headers, cause: exceeded });
}

function fastifyFault(error: unknown): KnownFault | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  if (typeof code !== 'string') return undefined;
  return Object.hasOwn(FASTIFY_FAULTS, code) ? FASTIFY_FAULTS[code] : undefined;
}

// An HttpException speaks for itself when its response is { code, detail }; Nest's own texts are not repeated.
function fromHttpException(exception: HttpException): Problem {
  const status = exception.getStatus();
  const response = exception.getResponse();
  const { code, detail } = (typeof response === 'object' ? response : {}) as { code?: unknown; detail?: unknown };
  if (typeof code !== 'string' || typeof detail !== 'string') return byStatus(status, exception);
  return new Problem({ status, code, detail, cause: exception.cause ?? exception });
}

function statusOf(thrown: unknown): number {
  const status = thrown instanceof Error ? (thrown as { statusCode?: unknown }).statusCode : undefined;
  // Only a 4xx may be claimed by a foreign error: everything else is our fault.
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function byStatus(status: number, cause: unknown): Problem {
  const fallback = status >= 500 ? SERVER_FAULT : { code: 'request_refused', detail: 'The request was refused.' };
  return new Problem({ status, ...(STATUS_FAULTS[status] ?? fallback), cause });
}
