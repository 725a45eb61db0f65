import type { CertificateSource } from '@partner-ecosystem/mtls-binding';

/** How the registry knows its issuer, and its own callers' certificates. */
export interface BindingConfig {
  readonly issuer: string;
  readonly jwksUri: string;
  /** PEM; without it the runtime's own roots */
  readonly issuerCa: string | undefined;
  readonly audience: string;
  readonly certificateSource: CertificateSource;
  /** `cli_…`: what the registry is at the token service */
  readonly clientId: string;
  readonly clientCertificate: { readonly certFile: string; readonly keyFile: string };
}
