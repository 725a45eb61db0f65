import type { ProblemTable } from '@partner-ecosystem/platform/problem';

/** What the conventions of every route refuse. */
export const REQUEST_PROBLEMS = {
  precondition_required: {
    status: 428,
    title: 'Precondition required',
    explanation:
      'A change needs If-Match with the ETag of the version you have seen, so that two people do not overwrite each other. If-Match: * stands for whatever version is there.',
  },
  precondition_failed: {
    status: 412,
    title: 'Precondition failed',
    explanation: 'It was changed after you read it. Nothing was done: read it again and decide anew.',
  },
  idempotency_key_in_flight: {
    status: 409,
    title: 'Idempotency key in flight',
    retryAfter: '1',
    explanation: 'The first request with this Idempotency-Key is still being carried out. Send it again shortly.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'Idempotency key reused',
    explanation: 'An Idempotency-Key stands for one request for 24 hours. Use a new key for another one.',
  },
  revocations_unavailable: {
    status: 503,
    title: 'Revocations unavailable',
    explanation:
      'The change takes access away, and the record that tells every API so could not be written. Nothing was changed; the operator of the platform has to look at the log.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    explanation:
      'Nothing has this address or identifier. Identifiers are a prefix and 32 hexadecimal digits: ptn_, cli_, crt_.',
  },
  invalid_request: {
    status: 400,
    title: 'Invalid request',
    explanation:
      'A field or parameter is missing, unknown or not as expected; errors[] names each one by JSON pointer.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    explanation:
      'Send application/json, and application/merge-patch+json with PATCH. A certificate may also be sent as application/x-pem-file or application/pkix-cert, a request for one as application/x-pem-file or application/pkcs10.',
  },
  invalid_transition: {
    status: 409,
    title: 'Invalid transition',
    explanation: 'The action is not possible in the present state, which the detail names. Nothing was changed.',
  },
} as const satisfies ProblemTable;
