import { ASSERTION_TYPE } from '../assertions/assertion-header.js';

/** How a client authenticates at an OAuth endpoint, as OpenAPI shows it. `parseClientRequest` parses it. */
export const clientFormProperties = {
  client_id: {
    type: 'string',
    example: 'cli_0199d1a2b3c47d5e8f60718293a4b5c6',
    description: 'As the partner registry gave it. May be left out beside client_assertion, whose sub it is.',
  },
  // Empty examples, else Swagger UI makes values up and sends them; an empty parameter counts as not sent.
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
} as const;
