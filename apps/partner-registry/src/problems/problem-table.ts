import type { RefusedError } from '@partner-ecosystem/mtls-binding';

/** What a rule of the registry can refuse with. */
export type RegistryCode =
  | 'not_found'
  | 'invalid_request'
  | 'unsupported_media_type'
  | 'slug_taken'
  | 'unknown_partner'
  | 'unknown_audience'
  | 'unknown_scope'
  | 'environment_mismatch'
  | 'audience_taken'
  | 'invalid_transition'
  | 'client_incomplete'
  | 'operator_scope_required'
  | 'private_key_in_request'
  | 'certificate_malformed'
  | 'certificate_bundle'
  | 'certificate_refused'
  | 'certificate_known'
  | 'certificate_revoked'
  | 'key_in_use'
  | 'too_many_certificates';

/** What the guard and the platform answer with, explained here too. */
type ForeignCode =
  | RefusedError['code']
  | 'malformed_json'
  | 'malformed_body'
  | 'malformed_url'
  | 'url_too_long'
  | 'body_too_large'
  | 'method_not_allowed'
  | 'internal_error';

export type ProblemCode = RegistryCode | ForeignCode;

export interface ProblemEntry {
  readonly status: number;
  readonly title: string;
  /** What it means and what to do about it, for `GET /problems/{code}`. */
  readonly explanation: string;
}

/** Every stable code: its HTTP status, its title and its page. Exhaustive, so that no error is without a status. */
export const PROBLEMS = {
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
    explanation: 'Send application/json. A certificate may also be sent as application/x-pem-file.',
  },
  slug_taken: {
    status: 409,
    title: 'Slug taken',
    explanation: 'Another partner has this slug. Choose another one; slugs are never reused.',
  },
  unknown_partner: {
    status: 422,
    title: 'Unknown partner',
    explanation: 'The partner_id names no partner. Create the partner first.',
  },
  unknown_audience: {
    status: 422,
    title: 'Unknown audience',
    explanation: 'No resource server is registered with this audience. GET /v1/resource-servers lists them.',
  },
  unknown_scope: {
    status: 422,
    title: 'Unknown scope',
    explanation: 'The resource server has no scope of this name; errors[] says which. Nothing was granted.',
  },
  environment_mismatch: {
    status: 422,
    title: 'Environment mismatch',
    explanation:
      'Client and resource server belong to different environments. A sandbox client never reaches production.',
  },
  audience_taken: {
    status: 409,
    title: 'Audience taken',
    explanation: 'A resource server is already registered with this audience.',
  },
  invalid_transition: {
    status: 409,
    title: 'Invalid transition',
    explanation: 'The action is not possible in the present state, which the detail names. Nothing was changed.',
  },
  client_incomplete: {
    status: 409,
    title: 'Client incomplete',
    explanation:
      'An active client needs a registered subject value and an active certificate. Upload a certificate, then activate.',
  },
  operator_scope_required: {
    status: 403,
    title: 'Operator scope required',
    explanation:
      'Whatever concerns the platform’s own partner, or a grant for the registry itself, needs a token with the scope registry:operators:write.',
  },
  private_key_in_request: {
    status: 400,
    title: 'Private key in the request',
    explanation:
      'A private key was sent. It was neither stored nor logged, but it has left its machine: consider it compromised, create a new key pair, and send only the certificate.',
  },
  certificate_malformed: {
    status: 400,
    title: 'Certificate malformed',
    explanation: 'The body is not one X.509 certificate in PEM: BEGIN CERTIFICATE, base64, END CERTIFICATE.',
  },
  certificate_bundle: {
    status: 400,
    title: 'Certificate bundle',
    explanation: 'The body holds several certificates. Send the leaf only, without intermediates and root.',
  },
  certificate_refused: {
    status: 422,
    title: 'Certificate refused',
    explanation:
      'The certificate failed a check; checks[] names each one with what was observed, what is expected and what to do.',
  },
  certificate_known: {
    status: 409,
    title: 'Certificate known',
    explanation: 'This certificate is already registered. Certificates are registered once; have another one issued.',
  },
  certificate_revoked: {
    status: 409,
    title: 'Certificate revoked',
    explanation: 'This certificate was revoked, or its key was reported compromised. Neither can be registered again.',
  },
  key_in_use: {
    status: 409,
    title: 'Key in use',
    explanation: 'A key pair belongs to one partner. Create a new key pair and have a certificate issued for it.',
  },
  too_many_certificates: {
    status: 409,
    title: 'Too many certificates',
    explanation: 'The client has as many active certificates as it may have. Revoke one that is no longer used.',
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
  insufficient_scope: {
    status: 403,
    title: 'Insufficient scope',
    explanation: 'The token lacks a scope that the route needs; the WWW-Authenticate header names it.',
  },
  unavailable: {
    status: 503,
    title: 'Unavailable',
    explanation: 'Something the service depends on cannot be reached. Try again after the time in Retry-After.',
  },
  malformed_json: { status: 400, title: 'Malformed JSON', explanation: 'The body is empty or no valid JSON.' },
  malformed_body: {
    status: 400,
    title: 'Malformed body',
    explanation: 'The body is not as long as Content-Length says.',
  },
  malformed_url: { status: 400, title: 'Malformed URL', explanation: 'The URL has a bad percent escape.' },
  url_too_long: { status: 414, title: 'URL too long', explanation: 'A part of the path is too long.' },
  body_too_large: { status: 413, title: 'Body too large', explanation: 'No body larger than 64 KiB is accepted.' },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    explanation: 'The address does not have this method.',
  },
  internal_error: {
    status: 500,
    title: 'Internal error',
    explanation: 'The server failed. Quote the request_id when you report it.',
  },
} as const satisfies Record<ProblemCode, ProblemEntry>;
