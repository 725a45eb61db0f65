import { applyDecorators } from '@nestjs/common';
import { FEED_MEDIA_TYPE } from '@partner-ecosystem/mtls-binding/protocol';
import { ApiOperation, ApiQuery, ApiRefusals, ApiResponse } from '@partner-ecosystem/platform/openapi';

const description =
  'Scope `revocations:read`, audience the issuer. For guards: the whole feed first, then what is newer than `seq` of the ' +
  'statement held. Every answer is signed anew, also "nothing new" (an empty list); keys at `revocations_jwks_uri`.';

const parameter = (name: string, text: string, schema: object) =>
  ApiQuery({ name, required: false, description: text, schema });

/** What OpenAPI says of `GET /revocations`. `feedQuery` is what it takes. */
export function ApiRevocations(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'What is revoked, as a signed statement', description }),
    parameter('epoch', '`epoch` of the statement that is held; with `since`.', { type: 'string' }),
    parameter('since', '`seq` of the statement that is held; without: every live entry.', {
      type: 'integer',
      minimum: 0,
    }),
    parameter('wait', 'Seconds to wait for something newer.', { type: 'integer', minimum: 0, maximum: 5, default: 0 }),
    ApiResponse({
      status: 200,
      description: 'A JWS whose claims docs/revocation-feed.schema.json describes. Never 304.',
      content: { [FEED_MEDIA_TYPE]: { schema: { type: 'string' } } },
    }),
    ApiRefusals('invalid_request', 'unauthorized', 'invalid_token', 'insufficient_scope', 'unavailable'),
  );
}
