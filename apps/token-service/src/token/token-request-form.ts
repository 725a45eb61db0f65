import type { ApiBodyOptions } from '@nestjs/swagger';
import { ASSERTION_TYPE } from '../clients/assertions/assertion-header.js';

/** The form of `POST /token` as OpenAPI shows it. It is parsed by `parseTokenRequest`, which speaks RFC 6749. */
export const tokenRequestForm: ApiBodyOptions = {
  schema: {
    type: 'object',
    required: ['grant_type', 'client_id'],
    properties: {
      grant_type: { type: 'string', enum: ['client_credentials'] },
      client_id: {
        type: 'string',
        example: 'cli_0199d1a2b3c47d5e8f60718293a4b5c6',
        description: 'As the partner registry gave it.',
      },
      // Empty examples, else Swagger UI makes values up and sends them; an empty parameter counts as not sent.
      scope: {
        type: 'string',
        example: '',
        description: 'Names separated by spaces. None: everything granted for the resource.',
      },
      resource: {
        type: 'string',
        format: 'uri',
        example: '',
        description: 'The API the token is for. None: the default resource of the client.',
      },
      client_assertion_type: {
        type: 'string',
        example: '',
        description: `For clients registered for private_key_jwt: ${ASSERTION_TYPE}.`,
      },
      client_assertion: {
        type: 'string',
        example: '',
        description: 'A JWT signed with a registered key, whose aud is the issuer (RFC 7523). Good for one request.',
      },
    },
  },
};
