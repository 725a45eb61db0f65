import { Injectable } from '@nestjs/common';
import type { Certificate as ParsedCertificate, CertificateCheck } from '@partner-ecosystem/x509';
import { DataSource, type EntityManager } from 'typeorm';
import type { Client } from '../records/client.entity.js';
import { ClientRepository } from '../records/client.repository.js';
import { RegistryError } from '../problems/registry-error.js';
import type { CertificateQuestion } from './certificate.schema.js';
import { CertificateRepository } from '../records/certificate.repository.js';
import { ClientExpectations } from '../judgement/client-expectations.js';
import { isRefused, judgeCertificate, NO_EXPECTATIONS } from '../judgement/judge-certificate.js';
import { parseUpload } from '../judgement/parse-upload.js';
import { PublicKeyRepository } from '../records/public-key.repository.js';
import { keyOwner, neverRevoked, registeredOnce, roomCheck, takesCertificate } from './registry-checks.js';
import { roomObserved } from '../judgement/use-window.js';

/** Every check of an upload, and what an upload would find out beyond them. Stores nothing, not even that it was asked. */
@Injectable()
export class ValidateCertificate {
  constructor(
    private readonly database: DataSource,
    private readonly clients: ClientRepository,
    private readonly certificates: CertificateRepository,
    private readonly keys: PublicKeyRepository,
    private readonly expectations: ClientExpectations,
  ) {}

  async validate({ client_id: clientId, ...content }: CertificateQuestion) {
    const upload = parseUpload(content);
    const { leaf } = upload;
    const { manager } = this.database;
    const now = new Date();
    const client = clientId === undefined ? undefined : await this.clientNamed(manager, clientId);
    const expected = client ? await this.expectations.of(manager, client) : NO_EXPECTATIONS;
    const judged = judgeCertificate(upload, expected, now);
    const checks = [...judged.checks, ...(await this.registryChecks(manager, leaf, client, now))];
    return {
      acceptable: !isRefused(checks),
      ...describe(leaf),
      intermediates: upload.chain.map(({ subject, issuer, sha256 }) => ({
        subject_dn: subject.text,
        issuer_dn: issuer.text,
        sha256,
      })),
      path_valid_until: judged.path.validUntil,
      checks,
    };
  }

  private async clientNamed(database: EntityManager, id: string): Promise<Client> {
    const client = await this.clients.find(database, id);
    if (!client) throw RegistryError.ofField('unknown_client', '/client_id', 'There is no such client.');
    return client;
  }

  private async registryChecks(
    database: EntityManager,
    leaf: ParsedCertificate,
    client: Client | undefined,
    now: Date,
  ): Promise<CertificateCheck[]> {
    const same = await this.certificates.findByContents(database, leaf);
    const key = await this.keys.find(database, leaf.keySha256);
    const checks = [registeredOnce(same), neverRevoked(same, key)];
    if (!client) return checks;
    const planned = await this.certificates.plannedOfClient(database, client.id);
    const room = roomObserved(client, planned, { from: now.getTime(), until: leaf.notAfter.getTime() });
    return [...checks, keyOwner(key, client), takesCertificate(client, leaf.sha256), roomCheck(room)];
  }
}

function describe(leaf: ParsedCertificate) {
  return {
    thumbprint: leaf.thumbprint,
    sha256: leaf.sha256,
    spki_sha256: leaf.keySha256,
    serial: leaf.serial,
    subject_dn: leaf.subject.text,
    issuer_dn: leaf.issuer.text,
    subject_alternative_names: leaf.subjectAlternativeNames,
    key: leaf.key,
    extended_key_usage: leaf.extendedKeyUsage ?? null,
    not_before: leaf.notBefore,
    not_after: leaf.notAfter,
  };
}
