/** An app was configured with a certificate source that cannot be. `message` is for the operator. */
export class CertificateSourceError extends Error {
  override readonly name = 'CertificateSourceError';
  readonly code = 'certificate_source_invalid';
}
