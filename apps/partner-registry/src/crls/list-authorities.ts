import { Injectable } from '@nestjs/common';
import { parseCertificate, sameDistinguishedName, type Certificate } from '@partner-ecosystem/x509';
import { judgePath, type Crl } from '@partner-ecosystem/x509/path';
import type { EntityManager } from 'typeorm';
import type { TrustAnchor } from '../records/trust-anchor.entity.js';
import { AnchorLists } from '../judgement/anchor-lists.js';

/** Far above what authorities have below them; they come from uploads. */
const MOST_INTERMEDIATES = 1_000;

const INTERMEDIATES = `
SELECT DISTINCT i.der FROM registry.client_trust_anchors l
  JOIN registry.certificates t ON t.client_id = l.client_id AND t.status IN ('pending', 'active'),
  jsonb_array_elements_text(t.chain) AS i(der)
 WHERE l.trust_anchor_id = $1 ORDER BY i.der LIMIT ${MOST_INTERMEDIATES}`;

/** Who may sign lists for a trust anchor: itself, and authorities below it that its clients have registered. */
@Injectable()
export class ListAuthorities {
  constructor(private readonly lists: AnchorLists) {}

  /** Those that bear the name of the list's issuer, each with a valid path to the anchor. */
  async ofIssuer(database: EntityManager, anchor: TrustAnchor, { issuer }: Crl, now: Date): Promise<Certificate[]> {
    const root = parseCertificate(anchor.pem);
    const rows = await database.query<{ der: string }[]>(INTERMEDIATES, [anchor.id]);
    const intermediates = rows.map(({ der }) => parseCertificate(Buffer.from(der, 'base64')));
    const crls = (await this.lists.heldBy(database, [anchor.id])).get(anchor.id);
    const isBelow = (leaf: Certificate) =>
      // what a list revokes cannot speak for itself any more; that one is missing says nothing
      judgePath({ leaf, intermediates, anchors: [root], crls, crlMode: 'soft', now, purpose: 'authority' }).valid;
    const named = (certificate: Certificate) => sameDistinguishedName(certificate.subject, issuer);
    return [...(named(root) ? [root] : []), ...intermediates.filter(named).filter(isBelow)];
  }
}
