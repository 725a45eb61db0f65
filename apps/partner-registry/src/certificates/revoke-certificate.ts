import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ClientsForChange } from '../clients/clients-for-change.js';
import { stateAfter } from '../conventions/transition.js';
import type { Actor } from '../operators/operator-rules.js';
import { RegistryError } from '../problems/registry-error.js';
import { CERTIFICATE_TRANSITIONS, type RevocationReason } from './certificate-status.js';
import type { Certificate } from './certificate.entity.js';
import { CertificateRepository } from './certificate.repository.js';
import { PublicKeyRepository } from './public-key.repository.js';

@Injectable()
export class RevokeCertificate {
  constructor(
    private readonly database: DataSource,
    private readonly forChange: ClientsForChange,
    private readonly certificates: CertificateRepository,
    private readonly keys: PublicKeyRepository,
  ) {}

  /**
   * Final. A compromised key takes every certificate of that key along and is never accepted again.
   * @throws RegistryError `not_found`, `operator_scope_required`, `invalid_transition`
   */
  revoke(id: string, reason: RevocationReason, actor: Actor): Promise<Certificate> {
    return this.database.transaction(async (transaction) => {
      const { client_id: clientId } = await this.find(transaction, id);
      await this.forChange.lock(transaction, clientId, actor);
      const now = new Date();
      if (reason === 'key_compromise') return this.revokeKey(transaction, id, now);
      const certificate = await this.certificates.lock(transaction, id);
      return this.revokeOne(transaction, certificate!, reason, now);
    });
  }

  private async revokeKey(transaction: EntityManager, id: string, now: Date): Promise<Certificate> {
    const named = await this.find(transaction, id);
    stateAfter(CERTIFICATE_TRANSITIONS, 'revoke', named.status);
    await this.keys.markCompromised(transaction, named.spki_sha256, now);
    const affected = await this.certificates.lockLiveOfKey(transaction, named.spki_sha256);
    for (const certificate of affected) await this.revokeOne(transaction, certificate, 'key_compromise', now);
    return this.find(transaction, id);
  }

  private async find(transaction: EntityManager, id: string): Promise<Certificate> {
    const certificate = await this.certificates.find(transaction, id);
    if (!certificate) throw RegistryError.notFound();
    return certificate;
  }

  private revokeOne(
    transaction: EntityManager,
    certificate: Certificate,
    reason: RevocationReason,
    now: Date,
  ): Promise<Certificate> {
    certificate.status = stateAfter(CERTIFICATE_TRANSITIONS, 'revoke', certificate.status);
    certificate.revoked_at = now;
    certificate.revocation_reason = reason;
    return this.certificates.save(transaction, certificate);
  }
}
