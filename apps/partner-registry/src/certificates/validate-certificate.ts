import { Injectable } from '@nestjs/common';
import type { Certificate as ParsedCertificate, CertificateCheck } from '@partner-ecosystem/x509';
import { DataSource, type EntityManager } from 'typeorm';
import { isInKeySet } from '../client-keys/is-in-key-set.js';
import type { Client } from '../clients/client.entity.js';
import { ClientRepository } from '../clients/client.repository.js';
import { RegistryError } from '../problems/registry-error.js';
import type { CertificateQuestion } from './certificate.schema.js';
import { CertificateRepository } from './certificate.repository.js';
import { ClientExpectations } from './client-expectations.js';
import { isRefused, judgeCertificate, NO_EXPECTATIONS } from './judge-certificate.js';
import { parseUpload } from './parse-upload.js';
import { PublicKeyRepository } from './public-key.repository.js';
import { hasRoom } from './use-window.js';

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

  /**
   * @throws RegistryError `unknown_client`, `private_key_in_request`, `certificate_bundle`, `certificate_malformed`
   */
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
        ...{ subject_dn: subject.text, issuer_dn: issuer.text, sha256 },
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
    { sha256, spkiSha256, notAfter }: ParsedCertificate,
    client: Client | undefined,
    now: Date,
  ): Promise<CertificateCheck[]> {
    const same = await this.certificates.findBySha256(database, sha256);
    const key = await this.keys.find(database, spkiSha256);
    const known = same.some(({ status }) => status !== 'expired');
    const revoked = same.some(({ status }) => status === 'revoked') || (key?.compromised_at ?? null) !== null;
    const checks = [
      registryCheck('registered_once', !known, 'a certificate that is not registered yet', 'Have another one issued.'),
      registryCheck('revoked', !revoked, 'a certificate and key that were never revoked', 'Create a new key pair.'),
    ];
    if (!client) return checks;
    const free = !key || key.partner_id === client.partner_id;
    const takes = client.status !== 'retired' && isInKeySet(client, sha256);
    const planned = await this.certificates.plannedOfClient(database, client.id);
    const room = hasRoom(client, planned, { from: now.getTime(), until: notAfter.getTime() });
    return [
      ...checks,
      registryCheck('key_owner', free, 'a key that no other partner uses', 'Create a new key pair.'),
      registryCheck(
        'client',
        takes,
        'a client that registers certificates',
        'Register another client, or PATCH its jwks.',
      ),
      registryCheck(
        'room',
        room,
        'fewer active certificates than the client may have',
        'Supersede or revoke one first.',
      ),
    ];
  }
}

// Says no more than an upload would: never whose certificate or key it is.
function registryCheck(id: string, passed: boolean, expected: string, hint: string): CertificateCheck {
  return {
    id,
    result: passed ? 'pass' : 'fail',
    observed: passed ? 'so it is' : 'not so',
    expected,
    hint: passed ? '' : hint,
  };
}

function describe(leaf: ParsedCertificate) {
  return {
    thumbprint: leaf.thumbprint,
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
  };
}
