import type { ApiBodyOptions } from '@nestjs/swagger';
import { clientFormProperties } from '../clients/authentication/client-form-properties.js';

/** The form of `POST /introspect` as OpenAPI shows it. `parseIntrospectionRequest` parses it. */
export const introspectionForm: ApiBodyOptions = {
  schema: {
    type: 'object',
    required: ['token'],
    properties: {
      token: { type: 'string', description: 'The access token in question.' },
      token_type_hint: { type: 'string', example: '', description: 'Not needed: there are access tokens only.' },
      ...clientFormProperties,
    },
  },
};
