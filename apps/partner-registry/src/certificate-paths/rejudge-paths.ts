import { Injectable } from '@nestjs/common';
import { parseCertificate, type Certificate as ParsedCertificate } from '@partner-ecosystem/x509';
import type { Client } from '../records/client.entity.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import type { Certificate } from '../records/certificate.entity.js';
import { CertificateRepository } from '../records/certificate.repository.js';
import { ClientExpectations } from '../judgement/client-expectations.js';
import type { Expectations } from '../judgement/judge-certificate.js';
import { judgePath } from '../judgement/judge-path.js';
import { RevokeListed } from './revoke-listed.js';
import { revokeTokensBoundTo } from '../certificates/revoke-tokens-bound-to.js';

/** What became of a certificate when its client's anchors, or their CRLs, changed. */
export interface RejudgedPath {
  readonly certificate_id: string;
  readonly thumbprint: string;
  /** null: there is no anchor to judge against any more */
  readonly valid: boolean | null;
  readonly valid_until: Date | null;
  readonly change: 'none' | 'date' | 'validity' | 'revoked';
}

@Injectable()
export class RejudgePaths {
  constructor(
    private readonly certificates: CertificateRepository,
    private readonly expectations: ClientExpectations,
    private readonly listed: RevokeListed,
  ) {}

  /**
   * Judges the paths of a locked client's certificates against its present anchors and their CRLs. One
   * without a path is from now on refused at the token endpoint, and its tokens by the guards; one that a list names is
   * revoked.
   */
  async of(mutation: ActiveMutation, client: Client, reason: string): Promise<RejudgedPath[]> {
    const { transaction, now } = mutation;
    const expected = await this.expectations.of(transaction, client);
    const rejudged = new Map<string, RejudgedPath>();
    for (const certificate of await this.certificates.lockLiveOfClient(transaction, client.id)) {
      if (rejudged.has(certificate.id)) continue;
      const leaf = parseCertificate(certificate.pem);
      const found = this.listed.find(leaf, expected, now);
      const revoked = found ? await this.listed.revoke(mutation, client, certificate, found) : [];
      // a compromised key takes others along, of this client too
      for (const each of revoked) if (each.client_id === client.id) rejudged.set(each.id, revokedPath(each));
      // out of use: judged when it comes back
      if (found || certificate.status === 'superseded') continue;
      rejudged.set(certificate.id, await this.rejudge(mutation, client, { certificate, leaf, expected, reason }));
    }
    return [...rejudged.values()];
  }

  private async rejudge(mutation: ActiveMutation, client: Client, question: Question): Promise<RejudgedPath> {
    const { certificate, leaf, expected, reason } = question;
    const { transaction, now } = mutation;
    const { anchors, intermediates, lists } = expected;
    const judgement = judgePath(leaf, intermediates, anchors, lists, now);
    const valid = anchors.length === 0 ? null : judgement.validUntil !== null;
    const before = certificate.path_valid_until;
    const wasValid = before === null || before >= now;
    // since when it has none stays what it was
    certificate.path_valid_until = valid === false ? (wasValid ? now : before) : judgement.validUntil;
    certificate.path_trust_anchor_id = judgement.anchorId;
    certificate.checks = [...certificate.checks.filter(({ id }) => !/^path(?:_|$)/.test(id)), ...judgement.checks];
    const saved = await this.certificates.save(transaction, certificate);
    const isTurned = wasValid === (valid === false);
    if (isInUse(saved, now) && isTurned) revokeTokensBoundTo(mutation, saved, client, wasValid ? 'off' : 'on', reason);
    const isMoved = before?.getTime() !== saved.path_valid_until?.getTime();
    return rejudgedPath(saved, valid, isTurned ? 'validity' : isMoved ? 'date' : 'none');
  }
}

interface Question {
  readonly certificate: Certificate;
  readonly leaf: ParsedCertificate;
  readonly expected: Expectations;
  readonly reason: string;
}

// One that has come to its date has tokens, whether or not a task has noted that.
function isInUse({ status, activate_at: at }: Certificate, now: Date): boolean {
  return status === 'active' || (status === 'pending' && at !== null && at <= now);
}

function rejudgedPath(
  { id, thumbprint, path_valid_until }: Certificate,
  valid: boolean | null,
  change: RejudgedPath['change'],
): RejudgedPath {
  return { certificate_id: id, thumbprint, valid, valid_until: valid ? path_valid_until : null, change };
}

function revokedPath(certificate: Certificate): RejudgedPath {
  return rejudgedPath(certificate, false, 'revoked');
}
