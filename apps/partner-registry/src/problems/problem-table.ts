import type { RefusedError } from '@partner-ecosystem/mtls-binding';
import { CERTIFICATE_REQUEST_PROBLEMS } from './certificate-request-problems.js';
import { CERTIFICATE_PROBLEMS } from './certificate-problems.js';
import { CLIENT_PROBLEMS } from './client-problems.js';
import { GRANT_PROBLEMS } from './grant-problems.js';
import type { ProblemEntry } from './problem-entry.js';
import { REQUEST_PROBLEMS } from './request-problems.js';

const REGISTRY_PROBLEMS = {
  ...REQUEST_PROBLEMS,
  ...CLIENT_PROBLEMS,
  ...CERTIFICATE_PROBLEMS,
  ...CERTIFICATE_REQUEST_PROBLEMS,
  ...GRANT_PROBLEMS,
};

/** What a rule of the registry can refuse with. */
export type RegistryCode = keyof typeof REGISTRY_PROBLEMS;

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

/** Every stable code: its HTTP status, its title and its page. Exhaustive, so that no error is without a status. */
export const PROBLEMS = {
  ...REGISTRY_PROBLEMS,
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
  body_too_large: {
    status: 413,
    title: 'Body too large',
    explanation:
      'No body larger than 64 KiB is accepted, apart from a revocation list as application/pkix-crl, whose limit the operator sets.',
  },
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
