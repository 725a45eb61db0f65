import { applyDecorators, HttpCode } from '@nestjs/common';
import type { ApiResponseOptions } from '@nestjs/swagger';
import { ApiResponse, Whitelist, convertSchema, type Examples } from '@partner-ecosystem/platform/openapi';
import { SIGNED_ANSWER_TYPE } from './accepts-signed-answer.js';
import { INACTIVE, introspectionResponseSchema, type IntrospectionResponse } from './introspection-response.js';

const active: IntrospectionResponse = {
  active: true,
  scope: 'shipments:read',
  client_id: 'cli_0199d1a2b3c47d5e8f60718293a4b5c6',
  partner_id: 'ptn_0199d1a2b3c47d5e8f60718293a4b5c7',
  token_type: 'Bearer',
  exp: 1_767_225_900,
  iat: 1_767_225_600,
  sub: 'cli_0199d1a2b3c47d5e8f60718293a4b5c6',
  aud: 'https://api.example.com',
  iss: 'https://tokens.example.com',
  jti: 'Tq0m1lZ3c5n8yQfUe2rB7wXkJ9A',
  cnf: { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' },
};

const examples: Examples = {
  active: { summary: 'A good token', value: active },
  inactive: { summary: 'Anything else: the answer never says why', value: INACTIVE },
};

// A JWT, of which OpenAPI can show what is inside only in words.
const signed = {
  type: 'string',
  description: `On Accept: ${SIGNED_ANSWER_TYPE}. A JWT (RFC 9701) signed with a key of jwks_uri: iss, aud (the caller's client_id), iat and token_introspection, which is the answer above.`,
  example: 'eyJ0eXAiOiJ0b2tlbi1pbnRyb3NwZWN0aW9uK2p3dCIsLi4ufQ.eyJ0b2tlbl9pbnRyb3NwZWN0aW9uIjp7Li4ufX0.c2lnbmF0dXJl',
};

/** What `POST /introspect` answers, in both forms; the JSON one passes through the whitelist. */
export function ApiIntrospectionAnswer(): MethodDecorator {
  const { schema } = convertSchema(introspectionResponseSchema, { schemaType: 'output' })!;
  const content = { 'application/json': { schema, examples }, [SIGNED_ANSWER_TYPE]: { schema: signed } };
  const description = 'What the caller may know about the token.';
  return applyDecorators(
    HttpCode(200),
    ApiResponse({ status: 200, description, content } as ApiResponseOptions),
    Whitelist(introspectionResponseSchema),
  );
}
