import type { CertificateCheck } from '@partner-ecosystem/x509';
import { RegistryError } from './registry-error.js';

export const certificateRequestRefused = (checks: readonly CertificateCheck[]): RegistryError => {
  const failed = checks.filter(({ result }) => result === 'fail').map(({ id }) => id);
  const detail = `The request fails: ${failed.join(', ')}.`;
  return new RegistryError('certificate_request_refused', { detail, checks });
};

export const requestWaiting = (): RegistryError =>
  new RegistryError('certificate_request_waiting', {
    detail: 'A request of this client for the same key waits to be approved: approve or reject that one.',
  });

export const issuingUnavailable = (detail: string): RegistryError =>
  new RegistryError('issuing_unavailable', { detail });
