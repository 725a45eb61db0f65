import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Client } from '../clients/client.entity.js';
import { ClientRepository } from '../clients/client.repository.js';
import { violatedConstraint } from '../database/constraint.js';
import { Certificate } from './certificate.entity.js';
import {
  certificateKnown,
  certificateRefused,
  certificateRevoked,
  certificatesUnused,
  tooManyCertificates,
} from './certificate.errors.js';
import { CertificateRepository } from './certificate.repository.js';
import { ClientExpectations } from './client-expectations.js';
import { isRefused, judgeCertificate, type CertificateJudgement } from './judge-certificate.js';
import type { CertificateBundle } from './parse-upload.js';
import { PublicKeyRepository } from './public-key.repository.js';

/** Registers a certificate with a client that the caller has locked in the same transaction. */
@Injectable()
export class RegisterCertificate {
  constructor(
    private readonly clients: ClientRepository,
    private readonly certificates: CertificateRepository,
    private readonly keys: PublicKeyRepository,
    private readonly expectations: ClientExpectations,
  ) {}

  /**
   * @param status `pending` leaves it unused until it is activated
   * @throws RegistryError `certificate_refused`, `certificate_known`, `certificate_revoked`, `key_in_use`,
   * `too_many_certificates`, `certificates_unused`
   */
  async register(
    transaction: EntityManager,
    client: Client,
    upload: CertificateBundle,
    now: Date,
    status: 'pending' | 'active' = 'active',
  ): Promise<Certificate> {
    if (client.token_endpoint_auth_method === 'self_signed_tls_client_auth') throw certificatesUnused();
    const expected = await this.expectations.of(transaction, client);
    const judgement = judgeCertificate(upload, expected, now);
    if (isRefused(judgement.checks)) throw certificateRefused(judgement.checks);
    await this.assertUnknown(transaction, upload.leaf.sha256);
    await this.keys.claim(transaction, upload.leaf.spkiSha256, client.partner_id);
    if (status === 'active') await this.assertRoom(transaction, client, now);
    if (expected.needsSubject && !expected.subject) {
      client.tls_client_auth_subject_dn = upload.leaf.subject.text;
      await this.clients.save(transaction, client);
    }
    return this.store(transaction, rowOf(transaction, client, upload, judgement, status));
  }

  /** @throws RegistryError `too_many_certificates` */
  async assertRoom(transaction: EntityManager, client: Client, now: Date): Promise<void> {
    const most = client.max_active_certificates;
    const present = await this.clients.countUsableCertificates(transaction, client.id, now);
    if (present >= most) throw tooManyCertificates(most);
  }

  private async assertUnknown(transaction: EntityManager, sha256: string): Promise<void> {
    const same = await this.certificates.findBySha256(transaction, sha256);
    if (same.some(({ status }) => status === 'revoked')) throw certificateRevoked();
    if (same.some(({ status }) => status !== 'expired')) throw certificateKnown();
  }

  // Two clients of one partner may send the same certificate at the same moment: the index decides.
  private async store(transaction: EntityManager, certificate: Certificate): Promise<Certificate> {
    try {
      return await this.certificates.save(transaction, certificate);
    } catch (error) {
      throw violatedConstraint(error) === 'certificates_live_sha256' ? certificateKnown() : error;
    }
  }
}

function rowOf(
  transaction: EntityManager,
  client: Client,
  { leaf, chain }: CertificateBundle,
  { checks, path }: CertificateJudgement,
  status: 'pending' | 'active',
): Certificate {
  return transaction.create(Certificate, {
    client_id: client.id,
    source: 'uploaded',
    status,
    pem: leaf.pem,
    chain: chain.map(({ der }) => der.toString('base64')),
    sha256: leaf.sha256,
    spki_sha256: leaf.spkiSha256,
    serial: leaf.serial,
    subject_dn: leaf.subject.text,
    issuer_dn: leaf.issuer.text,
    subject_alternative_names: leaf.subjectAlternativeNames,
    key: leaf.key,
    extended_key_usage: leaf.extendedKeyUsage ?? null,
    not_before: leaf.notBefore,
    not_after: leaf.notAfter,
    path_valid_until: path.validUntil,
    path_trust_anchor_id: path.anchorId,
    checks,
  });
}
