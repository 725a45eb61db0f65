import { Injectable } from '@nestjs/common';
import { carriesSubject, parseCertificate, type PassedOverKey } from '@partner-ecosystem/x509';
import type { EntityManager } from 'typeorm';
import { CertificateRepository } from '../records/certificate.repository.js';
import { AdoptClientKeys } from '../judgement/adopt-client-keys.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { Operators } from '../operators/operators.js';
import { RegistryError } from '../problems/registry-error.js';
import { SUBJECT_FIELDS, subjectOf } from '../subject-values/subject-value.js';
import { CertificateIdentities } from '../judgement/certificate-identities.js';
import { ClientTrustAnchorRepository } from '../records/client-trust-anchor.repository.js';
import { assertIdentifiable } from './assert-identifiable.js';
import type { Client } from '../records/client.entity.js';
import type { ClientPatch } from './client.schema.js';
import { assertFieldsOfMethod } from './method-fields.js';
import { revokeTokensOf } from '../consequences/revoke-tokens-of.js';

/** The part of a change that decides who can act as a locked client: subject value, keys and policy. */
@Injectable()
export class ChangeCredentials {
  constructor(
    private readonly keys: AdoptClientKeys,
    private readonly certificates: CertificateRepository,
    private readonly anchors: ClientTrustAnchorRepository,
    private readonly identities: CertificateIdentities,
    private readonly operators: Operators,
  ) {}

  /**
   * @param client with the patch merged, not stored yet
   * @returns the keys that were passed over
   * @throws RegistryError `fields_of_method`, `subject_in_use`, `identity_incomplete`, and whatever `AdoptClientKeys`
   * refuses
   */
  async assertSound(
    { transaction, now }: ActiveMutation,
    client: Client,
    patch: ClientPatch,
  ): Promise<readonly PassedOverKey[]> {
    assertFieldsOfMethod(client);
    if (SUBJECT_FIELDS.some((field) => patch[field] !== undefined)) await this.assertCarried(transaction, client);
    const passedOver = patch.jwks === undefined ? [] : await this.keys.adopt(transaction, client, now);
    const mayWait = client.status === 'draft' && patch.certificate_policy === undefined;
    assertIdentifiable(client, mayWait || (await this.hasAnchor(transaction, client)));
    return passedOver;
  }

  /**
   * Once it is stored. Tokens that were issued to whoever had the old credentials end now.
   * @throws RegistryError `identity_taken`, `last_operator`, `registry_client_needed`
   */
  async settle(mutation: ActiveMutation, client: Client): Promise<void> {
    await this.identities.claim(mutation.transaction, client);
    await this.operators.assertStaysOperable(mutation, [client.id]);
    if (client.status === 'draft') return;
    revokeTokensOf(mutation, client, 'cutoff', 'credentials_changed');
  }

  // RFC 8705 section 2.1.2: whoever is known by a value must carry it.
  private async assertCarried(transaction: EntityManager, client: Client): Promise<void> {
    const subject = subjectOf(client);
    const live = await this.certificates.liveOfClient(transaction, client.id);
    if (live.every(({ pem }) => subject && carriesSubject(parseCertificate(pem), subject))) return;
    const field = subject?.field ?? 'tls_client_auth_subject_dn';
    const detail = 'The client has certificates, pending, active or superseded, that do not carry this value.';
    throw RegistryError.ofField('subject_in_use', `/${field}`, detail);
  }

  private async hasAnchor(transaction: EntityManager, client: Client): Promise<boolean> {
    const anchors = await this.anchors.anchorsOf(transaction, client.id);
    return anchors.some(({ status }) => status === 'active');
  }
}
