import { Injectable } from '@nestjs/common';
import { parseCertificate, type Certificate as ParsedCertificate } from '@partner-ecosystem/x509';
import { revocationIn, type FoundRevocation } from '@partner-ecosystem/x509/path';
import type { Client } from '../records/client.entity.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import type { RevocationReason } from '../records/certificate-status.js';
import type { Certificate } from '../records/certificate.entity.js';
import { CertificateRepository } from '../records/certificate.repository.js';
import type { Expectations } from '../judgement/judge-certificate.js';
import { markRevoked } from '../certificates/mark-revoked.js';
import { PublicKeyRepository } from '../records/public-key.repository.js';

// RFC 5280 5.3.1, as a registry calls them; what is not here is `unspecified`
const REASONS: Readonly<Record<string, RevocationReason>> = {
  keyCompromise: 'key_compromise',
  cACompromise: 'ca_compromise',
  affiliationChanged: 'affiliation_changed',
  superseded: 'superseded',
  cessationOfOperation: 'cessation_of_operation',
  privilegeWithdrawn: 'privilege_withdrawn',
};
const LONGEST_NAME = 200;

/** What an authority revoked in its list is revoked here. */
@Injectable()
export class RevokeListed {
  constructor(
    private readonly certificates: CertificateRepository,
    private readonly keys: PublicKeyRepository,
  ) {}

  /**
   * The final revocation of a certificate in the lists of its client's anchors; undefined: none names it. One on hold may
   * come back: only its path is gone meanwhile.
   */
  find(
    leaf: ParsedCertificate,
    { anchors, intermediates, lists }: Expectations,
    now: Date,
  ): FoundRevocation | undefined {
    const looking = anchors.filter(({ id }) => lists.has(id));
    const authorities = [...looking.map(({ pem }) => parseCertificate(pem)), ...intermediates];
    const found = revocationIn(leaf, authorities, [...lists.values()].flat(), now);
    return found?.entry.reason === 'certificateHold' ? undefined : found;
  }

  /**
   * A compromised key takes every certificate of that key along.
   * @param certificate of the locked client, locked
   * @returns all that was revoked
   */
  async revoke(
    mutation: ActiveMutation,
    client: Client,
    certificate: Certificate,
    { entry, list }: FoundRevocation,
  ): Promise<Certificate[]> {
    const { transaction, now } = mutation;
    const reason = REASONS[entry.reason] ?? 'unspecified';
    const number = list.number === undefined ? '' : ` ${list.number}`;
    const source = `named in CRL${number} of ${list.issuer.text.slice(0, LONGEST_NAME)}, SHA-256 ${list.sha256}`;
    const terms = { reason, at: entry.date < now ? entry.date : now, source, partnerId: client.partner_id };
    const key = certificate.spki_sha256;
    if (reason === 'key_compromise') await this.keys.markCompromised(transaction, key, now);
    const affected =
      reason === 'key_compromise' ? await this.certificates.lockLiveOfKey(transaction, key) : [certificate];
    const revoked: Certificate[] = [];
    for (const each of affected) revoked.push(await markRevoked(mutation, this.certificates, each, terms));
    return revoked;
  }
}
