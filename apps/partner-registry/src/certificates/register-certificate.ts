import { Injectable } from '@nestjs/common';
import type { Certificate as ParsedCertificate } from '@partner-ecosystem/x509';
import type { EntityManager } from 'typeorm';
import { isInKeySet } from '../judgement/is-in-key-set.js';
import type { Client } from '../records/client.entity.js';
import { ClientRepository } from '../records/client.repository.js';
import { violatedConstraint } from '../records/violated-constraint.js';
import { CertificateIdentities } from '../judgement/certificate-identities.js';
import { Certificate } from '../records/certificate.entity.js';
import {
  certificateKnown,
  certificateRefused,
  certificateRevoked,
  certificatesUnused,
  dateWithoutEffect,
  tooManyCertificates,
  unknownCertificate,
} from '../problems/certificate.errors.js';
import { CertificateRepository } from '../records/certificate.repository.js';
import { ClientExpectations } from '../judgement/client-expectations.js';
import { assertMayActivateAt } from '../judgement/certificate-dates.js';
import { isRefused, judgeCertificate, type CertificateJudgement } from '../judgement/judge-certificate.js';
import type { CertificateBundle } from '../judgement/parse-upload.js';
import { PublicKeyRepository } from '../records/public-key.repository.js';
import { hasRoom, useWindowOf } from '../judgement/use-window.js';

/** How a certificate is registered. */
export interface RegistrationTerms {
  /** `pending` leaves it unused until it is activated; default `active` */
  readonly status?: 'pending' | 'active' | undefined;
  /** pending until then */
  readonly activateAt?: Date | undefined;
  /** uuid of the client's certificate that it is to follow */
  readonly replaces?: string | undefined;
  /** default `uploaded` */
  readonly source?: Certificate['source'] | undefined;
  /** uuid of the platform's authority that issued it */
  readonly authorityId?: string | undefined;
}

/** Registers a certificate with a client that the caller has locked in the same transaction. */
@Injectable()
export class RegisterCertificate {
  constructor(
    private readonly clients: ClientRepository,
    private readonly certificates: CertificateRepository,
    private readonly keys: PublicKeyRepository,
    private readonly expectations: ClientExpectations,
    private readonly identities: CertificateIdentities,
  ) {}

  /**
   * @throws RegistryError `certificate_refused`, `certificate_known`, `certificate_revoked`, `key_in_use`,
   * `too_many_certificates`, `certificates_unused`, `date_impossible`, `unknown_certificate`, `identity_taken`
   */
  async register(
    transaction: EntityManager,
    client: Client,
    upload: CertificateBundle,
    now: Date,
    terms: RegistrationTerms = {},
  ): Promise<Certificate> {
    if (!isInKeySet(client, upload.leaf.sha256)) throw certificatesUnused();
    const expected = await this.expectations.of(transaction, client);
    const judgement = judgeCertificate(upload, expected, now);
    if (isRefused(judgement.checks)) throw certificateRefused(judgement.checks);
    await this.assertUnknown(transaction, upload.leaf);
    await this.keys.claim(transaction, upload.leaf.keySha256, client.partner_id);
    await this.assertOfClient(transaction, client, terms.replaces);
    const certificate = rowOf(transaction, client, upload, judgement, terms);
    assertDate(client, certificate, now);
    await this.assertRoom(transaction, client, certificate, now);
    if (expected.needsSubject && !expected.subject) {
      client.tls_client_auth_subject_dn = upload.leaf.subject.text;
      await this.clients.save(transaction, client);
    }
    const stored = await this.store(transaction, certificate);
    // over its intermediates the client's certificates may have a path to another partner's anchors, too
    if (stored.chain.length > 0) await this.identities.claim(transaction, client);
    return stored;
  }

  /**
   * For as long as the certificate is in use, as planned, there are never more than the client may have.
   * @throws RegistryError `too_many_certificates`
   */
  async assertRoom(transaction: EntityManager, client: Client, certificate: Certificate, now: Date): Promise<void> {
    const time = useWindowOf(certificate);
    if (!time) return;
    const planned = await this.certificates.plannedOfClient(transaction, client.id);
    const others = planned.filter(({ id }) => id !== certificate.id);
    const from = Math.max(time.from, now.getTime());
    if (!hasRoom(client, others, { ...time, from })) throw tooManyCertificates(client.max_active_certificates);
  }

  private async assertOfClient(transaction: EntityManager, client: Client, replaced: string | undefined) {
    if (replaced === undefined) return;
    const certificate = await this.certificates.find(transaction, replaced);
    if (certificate?.client_id !== client.id) throw unknownCertificate();
  }

  private async assertUnknown(transaction: EntityManager, leaf: ParsedCertificate): Promise<void> {
    const same = await this.certificates.findByContents(transaction, leaf);
    if (same.some(({ status }) => status === 'revoked')) throw certificateRevoked();
    if (same.some(({ status }) => status !== 'expired')) throw certificateKnown();
  }

  // Two clients of one partner may send the same certificate at the same moment: the index decides.
  private async store(transaction: EntityManager, certificate: Certificate): Promise<Certificate> {
    try {
      return await this.certificates.save(transaction, certificate);
    } catch (error) {
      throw violatedConstraint(error) === 'certificates_live_contents' ? certificateKnown() : error;
    }
  }
}

function assertDate(client: Client, certificate: Certificate, now: Date): void {
  if (!certificate.activate_at) return;
  if (client.certificate_policy === 'identity_only') throw dateWithoutEffect();
  assertMayActivateAt(certificate, certificate.activate_at, now, 'activate_at');
}

function rowOf(
  transaction: EntityManager,
  client: Client,
  { leaf, chain }: CertificateBundle,
  { checks, path }: CertificateJudgement,
  { status, activateAt, replaces, source, authorityId }: RegistrationTerms,
): Certificate {
  return transaction.create(Certificate, {
    client_id: client.id,
    partner_id: client.partner_id,
    source: source ?? 'uploaded',
    certificate_authority_id: authorityId ?? null,
    status: activateAt ? 'pending' : (status ?? 'active'),
    activate_at: activateAt ?? null,
    retire_at: null,
    replaces: replaces ?? null,
    pem: leaf.pem,
    chain: chain.map(({ der }) => der.toString('base64')),
    sha256: leaf.sha256,
    tbs_sha256: leaf.tbsSha256,
    spki_sha256: leaf.keySha256,
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
