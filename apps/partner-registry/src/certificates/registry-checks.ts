import type { CertificateCheck } from '@partner-ecosystem/x509';
import { isInKeySet } from '../judgement/is-in-key-set.js';
import type { Client } from '../records/client.entity.js';
import type { Certificate } from '../records/certificate.entity.js';
import type { PublicKey } from '../records/public-key.entity.js';
import type { Room } from '../judgement/use-window.js';

/** What was observed, and whether it is as expected. Never whose certificate or key it is: an upload would not say so either. */
interface Observation {
  readonly passed: boolean;
  readonly observed: string;
}

export function registryCheck(
  id: string,
  { passed, observed }: Observation,
  expected: string,
  hint: string,
): CertificateCheck {
  return { id, result: passed ? 'pass' : 'fail', observed, expected, hint: passed ? '' : hint };
}

export function registeredOnce(same: readonly Pick<Certificate, 'status'>[]): CertificateCheck {
  const statuses = [...new Set(same.map(({ status }) => status))];
  const passed = statuses.every((status) => status === 'expired');
  const observed = statuses.length === 0 ? 'not registered' : `registered: ${statuses.join(', ')}`;
  const expected = 'a certificate that is not registered yet';
  return registryCheck('registered_once', { passed, observed }, expected, 'Have another one issued.');
}

export function neverRevoked(same: readonly Pick<Certificate, 'status'>[], key: PublicKey | null): CertificateCheck {
  const faults = [
    ...(same.some(({ status }) => status === 'revoked') ? ['this certificate was revoked'] : []),
    ...((key?.compromised_at ?? null) === null ? [] : ['its key was reported as compromised']),
  ];
  const observation = { passed: faults.length === 0, observed: faults.join(', ') || 'neither was revoked' };
  return registryCheck(
    'revoked',
    observation,
    'a certificate and key that were never revoked',
    'Create a new key pair.',
  );
}

export function keyOwner(key: PublicKey | null, client: Client): CertificateCheck {
  const passed = key === null || key.partner_id === client.partner_id;
  const observed =
    key === null ? 'a key that is new here' : passed ? 'a key of this partner' : 'a key of another partner';
  return registryCheck('key_owner', { passed, observed }, 'a key that no other partner uses', 'Create a new key pair.');
}

export function takesCertificate(client: Client, sha256: string): CertificateCheck {
  const faults = [
    ...(client.status === 'retired' ? ['the client is retired'] : []),
    ...(isInKeySet(client, sha256) ? [] : ['the client is known by its jwks, and this certificate is not in it']),
  ];
  return registryCheck(
    'client',
    { passed: faults.length === 0, observed: faults.join(', ') || statusText(client) },
    'a client that registers certificates',
    'Register another client, or PATCH its jwks.',
  );
}

export function roomCheck({ taken, most }: Room, hint = 'Supersede or revoke one first.'): CertificateCheck {
  const observation = { passed: taken < most, observed: `${taken} of ${most} places taken` };
  return registryCheck('room', observation, 'fewer active certificates than the client may have', hint);
}

export function statusText({ status, token_endpoint_auth_method: method }: Client): string {
  return `a client with status ${status} and method ${method}`;
}
