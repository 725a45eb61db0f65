import type { IncomingMessage } from 'node:http';
import { Problem } from '../problem/index.js';

/** Fields, however long; Node counts no further unless told, and drops the rest without a word. */
const MOST_HEADER_FIELDS = 1_000;

type Check = (request: IncomingMessage) => Problem | undefined;

/** What HTTP itself asks of a request, in this order, on every listener of every app. */
const CHECKS: readonly Check[] = [headerFields, headerNames, host, expectation, transferCoding, contentCoding];

/** Why this request cannot be served by anybody here; undefined: HTTP has nothing against it. */
export function edgeRefusal(request: IncomingMessage): Problem | undefined {
  for (const check of CHECKS) {
    const refusal = check(request);
    if (refusal) return refusal;
  }
  return undefined;
}

// RFC 6585 section 5. A field that was dropped could be the one that a proxy in front decided by.
function headerFields({ rawHeaders }: IncomingMessage): Problem | undefined {
  if (rawHeaders.length <= 2 * MOST_HEADER_FIELDS) return undefined;
  const detail = `The request has more than ${MOST_HEADER_FIELDS} header fields.`;
  return new Problem({ status: 431, code: 'headers_too_large', detail });
}

// RFC 9112 section 5.1. The parser of Node 20.19.0 lets it pass, later ones do not: a name with a blank is another one to us than
// to a proxy in front, which may have decided by it.
function headerNames({ rawHeaders }: IncomingMessage): Problem | undefined {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (name !== '' && !name.includes(' ')) continue;
    const detail = 'The name of a header field is missing, or has a blank in it or behind it.';
    return new Problem({ status: 400, code: 'malformed_request', detail, headers: { connection: 'close' } });
  }
  return undefined;
}

// RFC 9112 section 3.2
function host({ headers, httpVersion }: IncomingMessage): Problem | undefined {
  if (headers.host !== undefined || httpVersion !== '1.1') return undefined;
  return new Problem({ status: 400, code: 'malformed_request', detail: 'The Host header is missing.' });
}

// RFC 9110 section 10.1.1
function expectation({ headers: { expect } }: IncomingMessage): Problem | undefined {
  if (expect === undefined || expect.toLowerCase() === '100-continue') return undefined;
  const detail = 'Only the expectation 100-continue can be met.';
  return new Problem({ status: 417, code: 'expectation_failed', detail });
}

// RFC 9112 section 6.1. Where chunked is not the last one nobody knows where the body ends: the connection does too.
function transferCoding({ headers }: IncomingMessage): Problem | undefined {
  const coding = headers['transfer-encoding'];
  if (coding === undefined || coding.toLowerCase() === 'chunked') return undefined;
  const detail = 'The only transfer coding that is understood is chunked.';
  const close = { connection: 'close' };
  return new Problem({ status: 501, code: 'unsupported_transfer_coding', detail, headers: close });
}

// RFC 9110 section 15.5.16
function contentCoding({ headers }: IncomingMessage): Problem | undefined {
  const coding = headers['content-encoding'];
  if (coding === undefined || coding === '' || coding.toLowerCase() === 'identity') return undefined;
  const detail = 'No content coding is accepted: send the body as it is, without Content-Encoding.';
  const accepted = { 'accept-encoding': 'identity' };
  return new Problem({ status: 415, code: 'unsupported_content_coding', detail, headers: accepted });
}
