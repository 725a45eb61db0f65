import { Injectable } from '@nestjs/common';
import type { Certificate as ParsedCertificate, CertificateCheck } from '@partner-ecosystem/x509';
import type { EntityManager } from 'typeorm';
import type { Client } from '../clients/client.entity.js';
import { ClientRepository } from '../clients/client.repository.js';
import { violatedConstraint } from '../database/constraint.js';
import { Certificate } from './certificate.entity.js';
import {
  certificateKnown,
  certificateRefused,
  certificateRevoked,
  keyInUse,
  tooManyCertificates,
} from './certificate.errors.js';
import { CertificateRepository } from './certificate.repository.js';
import { isRefused, judgeCertificate } from './judge-certificate.js';
import { PublicKeyRepository } from './public-key.repository.js';

/** Registers a certificate with a client that the caller has locked in the same transaction. */
@Injectable()
export class RegisterCertificate {
  constructor(
    private readonly clients: ClientRepository,
    private readonly certificates: CertificateRepository,
    private readonly keys: PublicKeyRepository,
  ) {}

  /** @throws RegistryError `certificate_refused`, `certificate_known`, `certificate_revoked`, `key_in_use`, `too_many_certificates` */
  async register(
    transaction: EntityManager,
    client: Client,
    parsed: ParsedCertificate,
    now: Date,
  ): Promise<Certificate> {
    const checks = judgeCertificate(parsed, client.tls_client_auth_subject_dn, now);
    if (isRefused(checks)) throw certificateRefused(checks);
    await this.assertUnknown(transaction, parsed);
    await this.claimKey(transaction, parsed, client);
    await this.assertRoom(transaction, client, now);
    if (client.tls_client_auth_subject_dn === null) {
      client.tls_client_auth_subject_dn = parsed.subject.text;
      await this.clients.save(transaction, client);
    }
    return this.store(transaction, rowOf(transaction, client, parsed, checks));
  }

  private async assertUnknown(transaction: EntityManager, { sha256 }: ParsedCertificate): Promise<void> {
    const same = await this.certificates.findBySha256(transaction, sha256);
    if (same.some(({ status }) => status === 'pending' || status === 'active')) throw certificateKnown();
    if (same.some(({ status }) => status === 'revoked')) throw certificateRevoked();
  }

  private async claimKey(transaction: EntityManager, parsed: ParsedCertificate, client: Client): Promise<void> {
    const key = await this.keys.claim(transaction, parsed.spkiSha256, client.partner_id);
    if (key.partner_id !== client.partner_id) throw keyInUse();
    if (key.compromised_at !== null) throw certificateRevoked();
  }

  private async assertRoom(transaction: EntityManager, client: Client, now: Date): Promise<void> {
    const most = client.max_active_certificates;
    const present = await this.clients.countUsableCertificates(transaction, client.id, now);
    if (present >= most) throw tooManyCertificates(most);
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
  parsed: ParsedCertificate,
  checks: CertificateCheck[],
): Certificate {
  return transaction.create(Certificate, {
    client_id: client.id,
    source: 'uploaded',
    status: 'active',
    pem: parsed.pem,
    sha256: parsed.sha256,
    spki_sha256: parsed.spkiSha256,
    serial: parsed.serial,
    subject_dn: parsed.subject.text,
    issuer_dn: parsed.issuer.text,
    subject_alternative_names: parsed.subjectAlternativeNames,
    key: parsed.key,
    extended_key_usage: parsed.extendedKeyUsage ?? null,
    not_before: parsed.notBefore,
    not_after: parsed.notAfter,
    checks,
  });
}
