// The library as an API installs it: the built files, found through the exports of its package. Imported from its sources
// the benchmark would measure a build of its own.
/* eslint-disable @nx/enforce-module-boundaries, no-restricted-imports */
export {
  clientCert,
  followRevocations,
  MtlsBindingModule,
  Public,
  remoteKeys,
  RequireScope,
  tlsSocket,
  trustedProxy,
  type MtlsBindingOptions,
  type RevocationFollower,
} from '@partner-ecosystem/mtls-binding';
export { startTestIssuer, type ServerIdentity, type TestIssuer } from '@partner-ecosystem/mtls-binding/testing';
