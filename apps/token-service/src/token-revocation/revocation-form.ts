import type { ApiBodyOptions } from '@nestjs/swagger';
import { clientFormProperties } from '../clients/authentication/client-form-properties.js';

/** The form of `POST /revoke` as OpenAPI shows it. `parseRevocationRequest` parses it. */
export const revocationForm: ApiBodyOptions = {
  schema: {
    type: 'object',
    required: ['token'],
    properties: {
      token: { type: 'string', description: 'An access token of the caller.' },
      token_type_hint: { type: 'string', example: '', description: 'Not needed: there are access tokens only.' },
      ...clientFormProperties,
    },
  },
};
