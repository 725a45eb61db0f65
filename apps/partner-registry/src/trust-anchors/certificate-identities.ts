import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Client } from '../clients/client.entity.js';
import { violatedConstraint } from '../database/constraint.js';
import { RegistryError } from '../problems/registry-error.js';
import { subjectIdentity } from '../subject-values/subject-identity.js';
import { subjectOf } from '../subject-values/subject-value.js';

// Another partner's claim can be taken over only while no link names it: the links' foreign key decides, whoever comes.
const CLAIM = `
INSERT INTO registry.certificate_identities AS present (trust_anchor_id, kind, folded_sha256, partner_id)
SELECT l.trust_anchor_id, $2, $3, $4 FROM registry.client_trust_anchors l WHERE l.client_id = $1 ORDER BY 1
ON CONFLICT (trust_anchor_id, kind, folded_sha256)
  DO UPDATE SET partner_id = excluded.partner_id WHERE present.partner_id <> excluded.partner_id`;

const NAME = `
UPDATE registry.client_trust_anchors SET identity_kind = $2, identity_sha256 = $3
 WHERE client_id = $1 AND (identity_kind, identity_sha256) IS DISTINCT FROM ($2, $3)`;

/** Under one anchor a subject value stands for one partner, wherever any certificate that carries it is accepted. */
@Injectable()
export class CertificateIdentities {
  /**
   * Makes the claims of a locked client those of its present policy, subject value and anchors.
   * @throws RegistryError `identity_taken`
   */
  async claim(transaction: EntityManager, client: Client): Promise<void> {
    const subject = subjectOf(client);
    if (client.certificate_policy !== 'identity_only' || !subject) {
      await transaction.query(NAME, [client.id, null, null]);
      return;
    }
    const { kind, sha256 } = subjectIdentity(subject);
    try {
      await transaction.query(CLAIM, [client.id, kind, sha256, client.partner_id]);
      await transaction.query(NAME, [client.id, kind, sha256]);
    } catch (error) {
      throw violatedConstraint(error) === 'client_trust_anchors_identity' ? identityTaken(subject.field) : error;
    }
  }
}

function identityTaken(field: string): RegistryError {
  const detail = 'Under one of the client’s trust anchors this value already stands for another partner.';
  return RegistryError.ofField('identity_taken', `/${field}`, detail);
}
