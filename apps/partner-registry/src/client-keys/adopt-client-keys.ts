import { Injectable } from '@nestjs/common';
import { checkLeaf } from '@partner-ecosystem/x509';
import type { EntityManager } from 'typeorm';
import { certificateRefused, certificateRevoked } from '../certificates/certificate.errors.js';
import { CertificateRepository } from '../certificates/certificate.repository.js';
import { isRefused } from '../certificates/judge-certificate.js';
import { PublicKeyRepository } from '../certificates/public-key.repository.js';
import type { Client } from '../clients/client.entity.js';
import { RegistryError } from '../problems/registry-error.js';
import { clientKeys, type ClientKey } from './client-keys.js';

/** Makes the keys of a client's `jwks` its partner's own, like those of certificates that are uploaded. */
@Injectable()
export class AdoptClientKeys {
  constructor(
    private readonly keys: PublicKeyRepository,
    private readonly certificates: CertificateRepository,
  ) {}

  /**
   * Does not check: keys behind a `jwks_uri`; whoever fetches them asks `public_key_owner`.
   * @throws RegistryError `invalid_request`, `certificate_refused`, `certificate_revoked`, `key_in_use`
   */
  async adopt(transaction: EntityManager, client: Client, now: Date): Promise<void> {
    if (client.jwks === null) return;
    const selfSigned = client.token_endpoint_auth_method === 'self_signed_tls_client_auth';
    const { keys, faults } = clientKeys(client.jwks, selfSigned);
    if (faults.length > 0)
      throw keysRefused(faults.map(({ pointer, detail }) => ({ pointer: `/jwks${pointer}`, detail })));
    if (selfSigned) for (const key of keys) await this.assertSound(transaction, key, now);
    // in one order, so that two who adopt the same keys never wait for each other
    const spkis = keys.map(({ spkiSha256 }) => spkiSha256).sort();
    for (const spki of spkis) await this.keys.claim(transaction, spki, client.partner_id);
  }

  // A13: who signed it does not matter, all else does.
  private async assertSound(transaction: EntityManager, { certificate }: ClientKey, now: Date): Promise<void> {
    const checks = checkLeaf(certificate!, now);
    if (isRefused(checks)) throw certificateRefused(checks);
    const same = await this.certificates.findBySha256(transaction, certificate!.sha256);
    if (same.some(({ status }) => status === 'revoked')) throw certificateRevoked();
  }
}

function keysRefused(faults: { pointer: string; detail: string }[]): RegistryError {
  const errors = faults.map((fault) => ({ ...fault, code: 'custom' }));
  return new RegistryError('invalid_request', { detail: 'The jwks is not as expected.', errors });
}
