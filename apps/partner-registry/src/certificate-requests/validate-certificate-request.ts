import { Injectable } from '@nestjs/common';
import type { CertificateCheck, CertificationRequest } from '@partner-ecosystem/x509';
import { DataSource, type EntityManager } from 'typeorm';
import { isRefused } from '../judgement/judge-certificate.js';
import { registryCheck, roomCheck, statusText } from '../certificates/registry-checks.js';
import { PublicKeyRepository } from '../records/public-key.repository.js';
import type { Client } from '../records/client.entity.js';
import { ClientRepository } from '../records/client.repository.js';
import { RegistryError } from '../problems/registry-error.js';
import { AdmitCertificateRequest, takesCertificates } from './admit-certificate-request.js';
import type { CertificateRequestQuestion } from './certificate-request.schema.js';
import { IssueCertificate } from './issue-certificate.js';
import { judgeCertificateRequest } from './judge-certificate-request.js';
import { parseCertificateRequest } from './parse-certificate-request.js';

/** Every check of a request, and what submitting it would find out beyond them. Stores nothing, claims no key. */
@Injectable()
export class ValidateCertificateRequest {
  constructor(
    private readonly database: DataSource,
    private readonly clients: ClientRepository,
    private readonly keys: PublicKeyRepository,
    private readonly admission: AdmitCertificateRequest,
    private readonly issuing: IssueCertificate,
  ) {}

  async validate({ client_id: clientId, ...content }: CertificateRequestQuestion) {
    const request = parseCertificateRequest(content);
    const { manager } = this.database;
    const now = new Date();
    const client = clientId === undefined ? undefined : await this.clientNamed(manager, clientId);
    const names = client && (await this.admission.namesOf(manager, client));
    const key = await this.keys.find(manager, request.spkiSha256);
    const checks = [
      ...judgeCertificateRequest(request, names, await this.admission.factsOf(manager, client, key)),
      ...(client ? await this.clientChecks(manager, client, now) : []),
    ];
    return {
      acceptable: !isRefused(checks),
      ...described(request),
      certificate: names ? { subject_dn: names.subject.text, subject_alternative_names: names.names } : null,
      needs_approval: client ? client.environment === 'production' : null,
      checks,
    };
  }

  private async clientNamed(database: EntityManager, id: string): Promise<Client> {
    const client = await this.clients.find(database, id);
    if (!client) throw RegistryError.ofField('unknown_client', '/client_id', 'There is no such client.');
    return client;
  }

  private async clientChecks(database: EntityManager, client: Client, now: Date): Promise<CertificateCheck[]> {
    const issues = await this.issuing.isPossible(database, client, now);
    const { environment } = client;
    return [
      registryCheck(
        'client',
        { passed: client.status !== 'retired' && takesCertificates(client), observed: statusText(client) },
        'a client that registers certificates',
        'Register another client.',
      ),
      roomCheck(
        await this.admission.roomOf(database, client, now),
        'Supersede or revoke one first, or have the new one kept pending.',
      ),
      registryCheck(
        'issuer',
        { passed: issues, observed: `${issues ? 'an' : 'no'} authority issues for ${environment}` },
        `an authority that issues for ${environment}`,
        'The operator of the platform has to make one.',
      ),
    ];
  }
}

function described({ subject, requested, spkiSha256, key, signatureAlgorithm }: CertificationRequest) {
  return {
    subject_dn: subject.text,
    subject_alternative_names: requested.subjectAlternativeNames,
    spki_sha256: spkiSha256,
    key,
    signature_algorithm: signatureAlgorithm.name,
  };
}
