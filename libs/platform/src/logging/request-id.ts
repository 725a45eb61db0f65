import { randomUUID } from 'node:crypto';

/** A new request id, `req_` and 32 hexadecimal digits. Always ours: a caller's id could forge another's log lines. */
export function newRequestId(): string {
  return `req_${randomUUID().replaceAll('-', '')}`;
}

/** The id under which this request stands in the log, in the answer's `x-request-id` and in a problem's body. */
export function requestIdOf(request: { id?: unknown }): string {
  return typeof request.id === 'string' ? request.id : 'req_unknown';
}
