import { applyDecorators } from '@nestjs/common';
import type { ApiResponseOptions } from '@nestjs/swagger';
import { ApiResponse } from '@partner-ecosystem/platform/openapi';
import {
  invalidClient,
  invalidRequest,
  OAuthError,
  temporarilyUnavailable,
  tokenOfAnotherClient,
  tooManyRequests,
  type OAuthErrorCode,
} from '../oauth-error/oauth-error.js';
import type { OAuthEndpointName } from '../oauth-error/oauth-endpoint.decorator.js';
import { FORMS_ONLY } from './oauth-error-from.js';

const REQUEST_ID = 'req_5f0c6b1e9d2a4c7f8e3b1a2d4c6f8e0b';

const schema = {
  type: 'object' as const,
  required: ['error', 'error_description', 'request_id'],
  properties: {
    error: { type: 'string' as const, description: 'A code of RFC 6749 section 5.2 or RFC 8707 section 2.' },
    error_description: { type: 'string' as const, description: 'For a person; may change.' },
    request_id: { type: 'string' as const, description: 'Quote it when you ask; also the header x-request-id.' },
  },
};

const RETRY_AFTER = {
  'retry-after': { description: 'Seconds to wait before asking again.', schema: { type: 'integer' as const } },
};

const CHALLENGE = {
  'www-authenticate': { description: 'A challenge that names the same error.', schema: { type: 'string' as const } },
};

const of = (code: OAuthErrorCode, description: string) => new OAuthError(code, '', '', { description });

/** Of each endpoint, beside invalid_request. */
const WRONG_WISHES: Record<OAuthEndpointName, Record<string, OAuthError>> = {
  token: {
    unsupported_grant_type: of('unsupported_grant_type', 'Only grant_type=client_credentials is supported.'),
    invalid_scope: of('invalid_scope', 'A requested scope was not granted to this client for this resource.'),
    invalid_target: of('invalid_target', 'The client has no grant for this resource.'),
  },
  introspection: {},
  revocation: { unauthorized_client: tokenOfAnotherClient('') },
};

interface Refusals {
  readonly description: string;
  readonly errors: Record<string, OAuthError>;
  readonly headers?: object;
}

const badRequest = (endpoint: OAuthEndpointName): Refusals => ({
  description: 'The request is malformed, or asks for what it cannot have.',
  errors: {
    invalid_request: invalidRequest('', 'The parameter client_id is missing.'),
    ...WRONG_WISHES[endpoint],
  },
});

const REFUSALS: Record<number, Refusals> = {
  401: {
    description: 'The client is not authenticated. The words are the same whatever was wrong.',
    errors: { invalid_client: invalidClient('', '') },
    headers: CHALLENGE,
  },
  413: {
    description: 'The body is over 16 KiB.',
    errors: { invalid_request: invalidRequest('', 'The body is larger than is accepted here.') },
  },
  415: {
    description: 'The body is no form.',
    errors: { invalid_request: invalidRequest('', FORMS_ONLY) },
  },
  429: {
    description: 'Too many requests of this client or from this address (RFC 6585).',
    errors: { temporarily_unavailable: tooManyRequests('', '', 1) },
    headers: RETRY_AFTER,
  },
  500: {
    description: 'A fault of the token service.',
    errors: { server_error: of('server_error', temporarilyUnavailable('', '').description) },
  },
  503: {
    description: 'Nothing can be decided right now.',
    errors: { temporarily_unavailable: temporarilyUnavailable('', '') },
    headers: RETRY_AFTER,
  },
};

/** Documents every refusal of an OAuth endpoint, with an example of each error. */
export function ApiOAuthErrors(endpoint: OAuthEndpointName): MethodDecorator {
  return applyDecorators(
    ...Object.entries({ 400: badRequest(endpoint), ...REFUSALS }).map(([status, refusal]) =>
      ApiResponse(response(status, refusal)),
    ),
  );
}

function response(status: string, { description, errors, headers }: Refusals): ApiResponseOptions {
  const examples = Object.fromEntries(
    Object.entries(errors).map(([name, { code, description: text }]) => [
      name,
      { summary: name, value: { error: code, error_description: text, request_id: REQUEST_ID } },
    ]),
  );
  const content = { 'application/json': { schema, examples } };
  return { status: Number(status), description, content, ...(headers ? { headers } : {}) } as ApiResponseOptions;
}
