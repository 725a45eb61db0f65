import { ASSERTION_FAULTS } from './assertion-faults.js';
import { CLAIMS_FAULTS } from './claims-faults.js';
import { CLIENT_AUTHENTICATION_FAULTS } from './client-authentication-faults.js';
import type { Fault } from './fault.js';
import { INTROSPECTION_FAULTS } from './introspection-faults.js';
import { SIGNING_KEY_FAULTS } from './signing-key-faults.js';
import { TOKEN_FAULTS } from './token-faults.js';

export const TOKEN_SERVICE_FAULTS: readonly Fault[] = [
  ...CLIENT_AUTHENTICATION_FAULTS,
  ...ASSERTION_FAULTS,
  ...TOKEN_FAULTS,
  ...CLAIMS_FAULTS,
  ...SIGNING_KEY_FAULTS,
  ...INTROSPECTION_FAULTS,
];
