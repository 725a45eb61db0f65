import { Injectable } from '@nestjs/common';
import type { CertificateCheck, CertificationRequest } from '@partner-ecosystem/x509';
import type { EntityManager } from 'typeorm';
import { certificatesUnused, tooManyCertificates, unknownCertificate } from '../problems/certificate.errors.js';
import { CertificateRepository } from '../records/certificate.repository.js';
import { isRefused } from '../judgement/judge-certificate.js';
import type { PublicKey } from '../records/public-key.entity.js';
import { PublicKeyRepository } from '../records/public-key.repository.js';
import { isInUse, type Room } from '../judgement/use-window.js';
import type { Client } from '../records/client.entity.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { PartnerRepository } from '../records/partner.repository.js';
import type { CertificateRequest } from '../records/certificate-request.entity.js';
import { certificateRequestRefused } from '../problems/certificate-request.errors.js';
import { judgeCertificateRequest, type KeyFacts } from './judge-certificate-request.js';
import { platformNames, type PlatformNames } from './platform-names.js';

/** What a request must pass to be stored, and once more to be issued. */
@Injectable()
export class AdmitCertificateRequest {
  constructor(
    private readonly partners: PartnerRepository,
    private readonly certificates: CertificateRepository,
    private readonly keys: PublicKeyRepository,
  ) {}

  /**
   * Of a client that the caller has locked. The key is the partner's from here on, so that of two partners who come with
   * one key at the same moment the second is refused.
   * @throws RegistryError `certificates_unused`, `unknown_certificate`, `too_many_certificates`,
   * `certificate_request_refused`
   */
  async admit(
    { transaction, now }: ActiveMutation,
    client: Client,
    request: CertificationRequest,
    terms: Pick<CertificateRequest, 'activate' | 'replaces'>,
  ): Promise<{ names: PlatformNames; checks: CertificateCheck[] }> {
    if (!takesCertificates(client)) throw certificatesUnused();
    await this.assertOfClient(transaction, client, terms.replaces);
    const key = await this.keys.hold(transaction, request.spkiSha256, client.partner_id);
    const names = await this.namesOf(transaction, client);
    const checks = judgeCertificateRequest(request, names, await this.factsOf(transaction, client, key));
    if (isRefused(checks)) throw certificateRequestRefused(checks);
    const { taken, most } = await this.roomOf(transaction, client, now);
    if (terms.activate && taken >= most) throw tooManyCertificates(most);
    return { names, checks };
  }

  async namesOf(database: EntityManager, client: Client): Promise<PlatformNames> {
    const partner = await this.partners.find(database, client.partner_id);
    return platformNames(client, partner!.legal_name);
  }

  /** @param key null: nobody has it yet @param client undefined: anybody's */
  async factsOf(database: EntityManager, client: Client | undefined, key: PublicKey | null): Promise<KeyFacts> {
    const ofAnother = key !== null && client !== undefined && key.partner_id !== client.partner_id;
    if (key === null || ofAnother) return { ofAnother, certified: false, compromised: false };
    const certified = await this.certificates.isCertified(database, key.spki_sha256);
    return { ofAnother, certified, compromised: key.compromised_at !== null };
  }

  /** How much of the client's room the certificates take that are in use now. */
  async roomOf(database: EntityManager, client: Client, now: Date): Promise<Room> {
    const planned = await this.certificates.plannedOfClient(database, client.id);
    const taken = planned.filter((certificate) => isInUse(certificate, now)).length;
    return { taken, most: client.max_active_certificates };
  }

  private async assertOfClient(database: EntityManager, client: Client, replaced: string | null): Promise<void> {
    if (replaced === null) return;
    const certificate = await this.certificates.find(database, replaced);
    if (certificate?.client_id !== client.id) throw unknownCertificate();
  }
}

/** A client that is known by the keys in its `jwks` has no use for a certificate of the platform. */
export function takesCertificates(client: Client): boolean {
  return client.token_endpoint_auth_method !== 'self_signed_tls_client_auth';
}
