import type { ApiBodyOptions } from '@nestjs/swagger';
import { clientFormProperties } from '../clients/authentication/client-form-properties.js';

const { client_id, ...assertion } = clientFormProperties;

/** The form of `POST /token` as OpenAPI shows it. It is parsed by `parseTokenRequest`, which speaks RFC 6749. */
export const tokenRequestForm: ApiBodyOptions = {
  schema: {
    type: 'object',
    required: ['grant_type'],
    properties: {
      grant_type: { type: 'string', enum: ['client_credentials'] },
      client_id,
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
      ...assertion,
    },
  },
};
