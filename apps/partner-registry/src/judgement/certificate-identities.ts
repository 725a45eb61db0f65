import { Injectable } from '@nestjs/common';
import { parseCertificate, type Certificate } from '@partner-ecosystem/x509';
import { shareAuthority } from '@partner-ecosystem/x509/path';
import type { EntityManager } from 'typeorm';
import type { Client } from '../records/client.entity.js';
import { violatedConstraint } from '../records/violated-constraint.js';
import { RegistryError } from '../problems/registry-error.js';
import { subjectIdentity, type SubjectIdentity } from '../subject-values/subject-identity.js';
import { subjectOf } from '../subject-values/subject-value.js';
import { knownAuthorities } from './known-authorities.js';

// Another partner's claim can be taken over only while no link names it: the links' foreign key decides, whoever comes.
const CLAIM = `
INSERT INTO registry.certificate_identities AS present (trust_anchor_id, kind, folded_sha256, partner_id)
SELECT l.trust_anchor_id, $2, $3, $4 FROM registry.client_trust_anchors l WHERE l.client_id = $1 ORDER BY 1
ON CONFLICT (trust_anchor_id, kind, folded_sha256)
  DO UPDATE SET partner_id = excluded.partner_id WHERE present.partner_id <> excluded.partner_id`;

const NAME = `
UPDATE registry.client_trust_anchors SET identity_kind = $2, identity_sha256 = $3
 WHERE client_id = $1 AND (identity_kind, identity_sha256) IS DISTINCT FROM ($2, $3)`;

// One after the other, so that of two partners who come at the same moment the second sees what the first has.
const LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('certificate identity ' || $1 || ' ' || $2, 0))`;

const OWN_ANCHORS = `
SELECT a.id, a.pem FROM registry.client_trust_anchors l JOIN registry.trust_anchors a ON a.id = l.trust_anchor_id
 WHERE l.client_id = $1 AND a.status = 'active'`;

const ANCHORS_OF_OTHERS = `
SELECT DISTINCT a.id, a.pem FROM registry.client_trust_anchors l JOIN registry.trust_anchors a ON a.id = l.trust_anchor_id
 WHERE l.identity_kind = $1 AND l.identity_sha256 = $2 AND l.partner_id <> $3 AND a.status = 'active'`;

/**
 * A subject value stands for one partner, wherever any certificate that carries it is accepted: under an anchor, and under
 * every other one to which a certificate could have a path as well. // A38
 */
@Injectable()
export class CertificateIdentities {
  /**
   * Makes the claims of a locked client those of its present policy, subject value and anchors. Again when it gets other
   * intermediates: they may lead its certificates to another partner's anchors.
   * @throws RegistryError `identity_taken`
   */
  async claim(transaction: EntityManager, client: Client): Promise<void> {
    const subject = subjectOf(client);
    if (client.certificate_policy !== 'identity_only' || !subject) {
      await transaction.query(NAME, [client.id, null, null]);
      return;
    }
    const identity = subjectIdentity(subject);
    const { kind, sha256 } = identity;
    await transaction.query(LOCK, [kind, sha256]);
    if (await isTaken(transaction, client, identity)) throw identityTaken(subject.field);
    try {
      await transaction.query(CLAIM, [client.id, kind, sha256, client.partner_id]);
      await transaction.query(NAME, [client.id, kind, sha256]);
    } catch (error) {
      throw violatedConstraint(error) === 'client_trust_anchors_identity' ? identityTaken(subject.field) : error;
    }
  }
}

// Dear, and almost never asked for: two partners rarely have one name.
async function isTaken(
  transaction: EntityManager,
  client: Client,
  { kind, sha256 }: SubjectIdentity,
): Promise<boolean> {
  const others = await transaction.query<Anchor[]>(ANCHORS_OF_OTHERS, [kind, sha256, client.partner_id]);
  if (others.length === 0) return false;
  const own = await transaction.query<Anchor[]>(OWN_ANCHORS, [client.id]);
  const known = await knownAuthorities(
    transaction,
    [...own, ...others].map(({ id }) => id),
  );
  return shareAuthority(own.map(certificateOf), others.map(certificateOf), known);
}

function certificateOf({ pem }: Anchor): Certificate {
  return parseCertificate(pem);
}

interface Anchor {
  readonly id: string;
  readonly pem: string;
}

function identityTaken(field: string): RegistryError {
  const detail =
    'Under one of the client’s trust anchors, or an authority above or below it, this value already stands for another partner.';
  return RegistryError.ofField('identity_taken', `/${field}`, detail);
}
