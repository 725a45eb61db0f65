import type { CertificateCheck } from '@partner-ecosystem/x509';
import { RegistryError } from './registry-error.js';

// None of these names the partner, client or certificate on the other side of a conflict.

export const privateKeyInRequest = (): RegistryError =>
  new RegistryError('private_key_in_request', {
    detail:
      'The request holds a private key. It was neither stored nor logged, but it has left its machine: consider it compromised, create a new key pair, and send only the certificate or the request for one.',
  });

export const certificateRefused = (checks: readonly CertificateCheck[]): RegistryError => {
  const failed = checks.filter(({ result }) => result === 'fail').map(({ id }) => id);
  return new RegistryError('certificate_refused', { detail: `The certificate fails: ${failed.join(', ')}.`, checks });
};

export const certificateKnown = (): RegistryError =>
  new RegistryError('certificate_known', { detail: 'This certificate is already registered.' });

export const certificateRevoked = (): RegistryError =>
  new RegistryError('certificate_revoked', {
    detail: 'This certificate was revoked, or its key was reported compromised: it cannot be registered again.',
  });

export const keyInUse = (): RegistryError =>
  new RegistryError('key_in_use', {
    detail: 'The key of this certificate cannot be used here: create a new key pair.',
  });

export const certificatesUnused = (): RegistryError =>
  new RegistryError('certificates_unused', {
    detail: 'The client is known by the certificates in its jwks, and this is none of them: PATCH the client first.',
  });

export const supersessionWithoutEffect = (): RegistryError =>
  new RegistryError('certificates_unused', {
    detail: 'Any certificate of the client’s subject is accepted, this one included: revoke it to keep it out.',
  });

export const unknownCertificate = (): RegistryError =>
  RegistryError.ofField('unknown_certificate', '/replaces', 'The client has no such certificate.');

export const dateWithoutEffect = (): RegistryError =>
  new RegistryError('certificates_unused', {
    detail: 'Any certificate of the client’s subject is accepted, whatever its dates here: leave them out.',
  });

export const tooManyCertificates = (most: number): RegistryError =>
  new RegistryError('too_many_certificates', {
    detail: `The client would have more than ${most} certificates in use at once, which is as many as it may have. Those with a date to be activated at count from then on, those with a date to be retired at until then.`,
  });
