import { CERTIFICATE_HEADER_FAULTS } from './certificate-header-faults.js';
import { CERTIFICATE_PATH_FAULTS } from './certificate-path-faults.js';
import { CERTIFICATE_SOURCE_FAULTS } from './certificate-source-faults.js';
import { CERTIFICATE_REQUEST_FAULTS } from './certificate-request-faults.js';
import { DENIAL_FAULTS } from './denial-faults.js';
import type { Fault } from './fault.js';
import { GUARD_FAULTS } from './guard-faults.js';
import { LIMIT_FAULTS } from './limit-faults.js';
import { REGISTRY_FAULTS } from './registry-faults.js';
import { REVOCATION_FAULTS } from './revocation-faults.js';
import { CRL_FAULTS } from './crl-faults.js';
import { REVOCATION_FEED_FAULTS } from './revocation-feed-faults.js';
import { TOKEN_SERVICE_FAULTS } from './token-service-faults.js';
import { TRANSPORT_FAULTS } from './transport-faults.js';
import { VERIFIED_TOKEN_FAULTS } from './verified-token-faults.js';

/** Every rule that is built has one here; `e2e/specs/workspace/rules.spec.ts` sees to it. */
export const FAULTS: readonly Fault[] = [
  ...TRANSPORT_FAULTS,
  ...LIMIT_FAULTS,
  ...TOKEN_SERVICE_FAULTS,
  ...GUARD_FAULTS,
  ...CERTIFICATE_SOURCE_FAULTS,
  ...CERTIFICATE_HEADER_FAULTS,
  ...REVOCATION_FEED_FAULTS,
  ...REVOCATION_FAULTS,
  ...VERIFIED_TOKEN_FAULTS,
  ...CRL_FAULTS,
  ...CERTIFICATE_REQUEST_FAULTS,
  ...REGISTRY_FAULTS,
  ...DENIAL_FAULTS,
  ...CERTIFICATE_PATH_FAULTS,
];
