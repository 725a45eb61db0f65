import { applyDecorators } from '@nestjs/common';
import { FEED_MEDIA_TYPE } from '@partner-ecosystem/mtls-binding/protocol';
import { ApiOperation, ApiProblem, ApiQuery, ApiResponse } from '@partner-ecosystem/platform/openapi';

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
      ...{ type: 'integer', minimum: 0 },
    }),
    parameter('wait', 'Seconds to wait for something newer.', { type: 'integer', minimum: 0, maximum: 5, default: 0 }),
    ApiResponse({
      status: 200,
      description: 'A JWS whose claims docs/revocation-feed.schema.json describes. Never 304.',
      content: { [FEED_MEDIA_TYPE]: { schema: { type: 'string' } } },
    }),
    ApiProblem(400, '`invalid_request`: a parameter that is unknown, repeated or malformed'),
    ApiProblem(401, '`unauthorized`, `invalid_token`: no token, or one that is not valid over this connection'),
    ApiProblem(403, '`insufficient_scope`: the token lacks the scope'),
    ApiProblem(503, '`unavailable`: what is revoked cannot be said right now'),
  );
}
