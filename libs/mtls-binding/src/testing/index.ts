export { MTLS_BINDING_OPTIONS } from '../nest/options.js';
export type { FeedFault } from './feed-fault.js';
export { startTestIssuer } from './start-test-issuer.js';
export {
  testBinding,
  type TestBinding,
  type TestBindingGrant,
  type TestBindingOptions,
  type TestCertificate,
  type TestCredentials,
} from './test-binding.js';
export type {
  ReceivedRequest,
  ServerIdentity,
  TestGrant,
  TestIssuer,
  TestIssuerOptions,
  TestIssuerSettings,
  TestRevocation,
} from './test-issuer.js';
