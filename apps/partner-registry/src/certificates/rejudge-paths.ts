import { Injectable } from '@nestjs/common';
import { parseCertificate } from '@partner-ecosystem/x509';
import type { Client } from '../clients/client.entity.js';
import type { ActiveMutation } from '../mutations/mutation-context.js';
import type { Certificate } from './certificate.entity.js';
import { CertificateRepository } from './certificate.repository.js';
import { ClientExpectations } from './client-expectations.js';
import { judgePath } from './judge-path.js';
import { revokeTokensBoundTo } from './revoke-tokens-bound-to.js';

/** What became of a certificate when its client's anchors changed. */
export interface RejudgedPath {
  readonly certificate_id: string;
  readonly thumbprint: string;
  /** null: there is no anchor to judge against any more */
  readonly valid: boolean | null;
  readonly valid_until: Date | null;
}

@Injectable()
export class RejudgePaths {
  constructor(
    private readonly certificates: CertificateRepository,
    private readonly expectations: ClientExpectations,
  ) {}

  /**
   * Judges the paths of a locked client's certificates against its present anchors. One without a path is from now on
   * refused at the token endpoint, and its tokens by the guards.
   */
  async of(mutation: ActiveMutation, client: Client, reason: string): Promise<RejudgedPath[]> {
    const { transaction, now } = mutation;
    const { anchors, intermediates } = await this.expectations.of(transaction, client);
    const live = await this.certificates.lockUsableOfClient(transaction, client.id);
    const rejudged: RejudgedPath[] = [];
    for (const certificate of live) {
      const judgement = judgePath(parseCertificate(certificate.pem), intermediates, anchors, now);
      const valid = anchors.length === 0 ? null : judgement.validUntil !== null;
      const wasValid = certificate.path_valid_until === null || certificate.path_valid_until >= now;
      certificate.path_valid_until = valid === false ? now : judgement.validUntil;
      certificate.path_trust_anchor_id = judgement.anchorId;
      certificate.checks = [...certificate.checks.filter(({ id }) => !/^path(?:_|$)/.test(id)), ...judgement.checks];
      rejudged.push(rejudgedPath(await this.certificates.save(transaction, certificate), valid));
      if (certificate.status !== 'active' || wasValid === (valid !== false)) continue;
      revokeTokensBoundTo(mutation, certificate, client, wasValid ? 'off' : 'on', reason);
    }
    return rejudged;
  }
}

function rejudgedPath({ id, thumbprint, path_valid_until }: Certificate, valid: boolean | null): RejudgedPath {
  return { certificate_id: id, thumbprint, valid, valid_until: valid ? path_valid_until : null };
}
