import type { ProblemTable } from '@partner-ecosystem/platform/problem';

/** What requests for certificates are refused for. */
export const CERTIFICATE_REQUEST_PROBLEMS = {
  certificate_request_malformed: {
    status: 400,
    title: 'Certificate request malformed',
    explanation:
      'The body holds no PKCS#10 request (RFC 2986): PEM (BEGIN CERTIFICATE REQUEST, base64, END CERTIFICATE REQUEST), or DER as application/pkcs10 or in base64.',
  },
  certificate_request_refused: {
    status: 422,
    title: 'Certificate request refused',
    explanation:
      'The request failed a check; checks[] names each one with what was observed, what is expected and what to do. Nothing was stored.',
  },
  certificate_request_waiting: {
    status: 409,
    title: 'Certificate request waiting',
    explanation:
      'The client has a request for the same key already, which somebody has to approve or reject. GET /v1/clients/{id}/certificate-requests lists it.',
  },
} as const satisfies ProblemTable;
