import { Injectable } from '@nestjs/common';
import { parseCertificate, X509Error, type Certificate } from '@partner-ecosystem/x509';
import type { EntityManager } from 'typeorm';
import { privateKeyInRequest } from '../problems/certificate.errors.js';
import { violatedConstraint } from '../records/violated-constraint.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { assertMayChangeOperators } from '../mutations/words/operator-rules.js';
import { partnerOffboarded } from '../problems/partner.errors.js';
import { PartnerRepository } from '../records/partner.repository.js';
import { RegistryError } from '../problems/registry-error.js';
import { HeldCrlRepository } from '../records/held-crl.repository.js';
import { checkAnchor } from './check-anchor.js';
import { showTrustAnchor, type ShownTrustAnchor } from './show-trust-anchors.js';
import { TrustAnchor } from '../records/trust-anchor.entity.js';
import { TrustAnchorRepository } from '../records/trust-anchor.repository.js';
import { trustAnchorOutput, type NewTrustAnchor } from './trust-anchor.schema.js';

@Injectable()
export class RegisterTrustAnchor {
  constructor(
    private readonly mutations: Mutations,
    private readonly partners: PartnerRepository,
    private readonly anchors: TrustAnchorRepository,
    private readonly places: HeldCrlRepository,
  ) {}

  async register(request: NewTrustAnchor, context: MutationContext): Promise<ShownTrustAnchor> {
    const certificate = authorityIn(request);
    return this.mutations.run(context, async (mutation) => {
      const { transaction, actor, now } = mutation;
      const checks = checkAnchor(certificate, now);
      const failed = checks.filter(({ result }) => result === 'fail').map(({ id }) => id);
      if (failed.length > 0) {
        throw new RegistryError('trust_anchor_refused', { detail: `It fails: ${failed.join(', ')}.`, checks });
      }
      if (request.partner_id !== undefined) {
        const partner = await this.partners.hold(transaction, request.partner_id);
        if (!partner) throw RegistryError.ofField('unknown_partner', '/partner_id', 'There is no such partner.');
        if (partner.is_platform) assertMayChangeOperators(actor);
        if (partner.status === 'offboarded') throw partnerOffboarded();
      }
      const anchor = await this.store(transaction, rowOf(transaction, request, certificate));
      await this.places.setPlaces(transaction, anchor.id, anchor.crl_uris);
      const after = trustAnchorOutput.parse(anchor);
      const targets = [after.id, ...(after.partner_id === null ? [] : [after.partner_id])];
      mutation.record({ action: 'trust_anchor.registered', targets, after });
      return showTrustAnchor(transaction, anchor, now);
    });
  }

  private async store(transaction: EntityManager, anchor: TrustAnchor): Promise<TrustAnchor> {
    try {
      return await this.anchors.save(transaction, anchor);
    } catch (error) {
      if (violatedConstraint(error) !== 'trust_anchors_key_of_owner') throw error;
      throw new RegistryError('trust_anchor_known', {
        detail: 'The owner has an active anchor with this key already.',
      });
    }
  }
}

function authorityIn({ pem, der }: NewTrustAnchor): Certificate {
  const pointer = pem === undefined ? '/der' : '/pem';
  try {
    return parseCertificate(pem ?? Buffer.from(der!, 'base64'));
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    if (error.code === 'private_key_present') throw privateKeyInRequest();
    if (error.code !== 'certificate_bundle') {
      throw RegistryError.ofField('certificate_malformed', pointer, `It is ${error.message}.`);
    }
    throw RegistryError.ofField(
      'certificate_bundle',
      pointer,
      'There are several certificates: register each by itself.',
    );
  }
}

function rowOf(transaction: EntityManager, request: NewTrustAnchor, certificate: Certificate): TrustAnchor {
  return transaction.create(TrustAnchor, {
    name: request.name,
    partner_id: request.partner_id ?? null,
    ...(request.crl_mode === undefined ? {} : { crl_mode: request.crl_mode }),
    crl_uris: request.crl_uris ?? [],
    pem: certificate.pem,
    sha256: certificate.sha256,
    spki_sha256: certificate.spkiSha256,
    serial: certificate.serial,
    subject_dn: certificate.subject.text,
    key: certificate.key,
    not_before: certificate.notBefore,
    not_after: certificate.notAfter,
  });
}
