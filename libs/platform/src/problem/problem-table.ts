/** What a stable code means, for `GET /problems/{code}`. */
export interface ProblemEntry {
  readonly status: number;
  readonly title: string;
  /** seconds after which trying again makes sense, where it is neither 429 nor 503 */
  readonly retryAfter?: string;
  /** what it means and what to do about it */
  readonly explanation: string;
}

export type ProblemTable = Readonly<Record<string, ProblemEntry>>;

/** What the guard and the platform answer in every app. An app adds its own codes, or says more about one of these. */
export const PLATFORM_PROBLEMS = {
  malformed_url: { status: 400, title: 'Malformed URL', explanation: 'The URL has a bad percent escape.' },
  malformed_json: { status: 400, title: 'Malformed JSON', explanation: 'The body is empty or no valid JSON.' },
  malformed_body: {
    status: 400,
    title: 'Malformed body',
    explanation: 'The body is not what its content type says, or not as long as Content-Length says.',
  },
  malformed_request: {
    status: 400,
    title: 'Malformed request',
    explanation: 'This is not well-formed HTTP/1.1, or the Host header is missing.',
  },
  invalid_request: {
    status: 400,
    title: 'Invalid request',
    explanation: 'A field or parameter is missing, unknown or not as expected; errors[] names each one.',
  },
  unauthorized: {
    status: 401,
    title: 'Unauthorized',
    explanation: 'The route needs an access token: Authorization: Bearer <token>.',
  },
  invalid_token: {
    status: 401,
    title: 'Invalid token',
    explanation:
      'The token is expired, was issued for another API, or is bound to another client certificate than the one of this connection.',
  },
  forbidden: { status: 403, title: 'Forbidden', explanation: 'The caller may not do this.' },
  origin_not_allowed: {
    status: 403,
    title: 'Origin not allowed',
    explanation:
      'The request comes from a web page of another origin, and could change something. Call the API from a server, or from its own documentation page.',
  },
  insufficient_scope: {
    status: 403,
    title: 'Insufficient scope',
    explanation: 'The token lacks a scope that the route needs; the WWW-Authenticate header names it.',
  },
  not_found: { status: 404, title: 'Not found', explanation: 'Nothing has this address or identifier.' },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    explanation: 'The address does not have this method; the Allow header names those it has.',
  },
  not_acceptable: {
    status: 406,
    title: 'Not acceptable',
    explanation: 'None of the content types that the Accept header names can be served.',
  },
  request_timeout: {
    status: 408,
    title: 'Request timeout',
    explanation: 'The request took too long to arrive. Send it again.',
  },
  conflict: { status: 409, title: 'Conflict', explanation: 'The request conflicts with the present state.' },
  body_too_large: {
    status: 413,
    title: 'Body too large',
    explanation: 'The body is larger than this route accepts. Send less.',
  },
  url_too_long: { status: 414, title: 'URL too long', explanation: 'A part of the path is too long.' },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    explanation: 'The route does not accept this content type. The OpenAPI document at /docs names those it does.',
  },
  unsupported_content_coding: {
    status: 415,
    title: 'Unsupported content coding',
    explanation: 'No content coding is accepted: send the body as it is, without Content-Encoding.',
  },
  expectation_failed: {
    status: 417,
    title: 'Expectation failed',
    explanation: 'Only the expectation 100-continue can be met. Send the request without Expect.',
  },
  unprocessable: {
    status: 422,
    title: 'Unprocessable',
    explanation: 'The request is well formed and cannot be carried out as it is.',
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests',
    explanation: 'This client, or this address, asks too often. Nothing was done: ask again after Retry-After.',
  },
  headers_too_large: {
    status: 431,
    title: 'Headers too large',
    explanation: 'The header fields are too large or too many. Send fewer or shorter ones.',
  },
  request_refused: { status: 400, title: 'Request refused', explanation: 'The request was refused; detail says why.' },
  internal_error: {
    status: 500,
    title: 'Internal error',
    explanation: 'The server failed. Quote the request_id when you report it.',
  },
  method_not_implemented: {
    status: 501,
    title: 'Method not implemented',
    explanation: 'There are no tunnels here: CONNECT is not served.',
  },
  unsupported_transfer_coding: {
    status: 501,
    title: 'Unsupported transfer coding',
    explanation: 'The only transfer coding that is understood is chunked.',
  },
  unavailable: {
    status: 503,
    title: 'Unavailable',
    explanation: 'Something the service depends on cannot be reached. Try again after the time in Retry-After.',
  },
} as const satisfies ProblemTable;
