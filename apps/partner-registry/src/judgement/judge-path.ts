import { parseCertificate, type Certificate, type CertificateCheck } from '@partner-ecosystem/x509';
import { judgePathUnder } from '@partner-ecosystem/x509/path';
import type { ListsOfAnchors } from './anchor-lists.js';
import type { TrustAnchor } from '../records/trust-anchor.entity.js';

export interface PathJudgement {
  readonly checks: CertificateCheck[];
  /** null: there was nothing to judge against, or there is no valid path */
  readonly validUntil: Date | null;
  readonly anchorId: string | null;
}

/**
 * Whether a leaf chains to one of the anchors its client was given. // A12, A14
 * @param anchors every one of the client's, retired ones included
 * @param lists of those that look at lists, each under its own mode
 */
export function judgePath(
  leaf: Certificate,
  intermediates: readonly Certificate[],
  anchors: readonly TrustAnchor[],
  lists: ListsOfAnchors,
  now: Date,
): PathJudgement {
  if (anchors.length === 0) return { checks: [NOT_JUDGED], validUntil: null, anchorId: null };
  const usable = anchors.filter(({ status }) => status === 'active');
  if (usable.length === 0) return { checks: [NO_ANCHOR_LEFT], validUntil: null, anchorId: null };
  const parsed = usable.map(({ id, pem, crl_mode: crlMode }) => {
    return { id, certificate: parseCertificate(pem), crlMode, lists: lists.get(id) ?? [] };
  });
  const verdict = judgePathUnder(leaf, intermediates, parsed, now)!;
  const end = parsed.find(({ certificate }) => certificate.sha256 === verdict.anchor?.sha256);
  return { checks: verdict.checks, validUntil: verdict.validUntil ?? null, anchorId: end?.id ?? null };
}

const NOT_JUDGED: CertificateCheck = {
  id: 'path',
  result: 'warn',
  observed: 'not_judged: the client has no trust anchors',
  expected: 'a path to one of the client’s trust anchors',
  hint: 'Only this very certificate is accepted. Give the client a trust anchor to have paths judged as well.',
};

const NO_ANCHOR_LEFT: CertificateCheck = {
  id: 'path_trust_anchor',
  result: 'fail',
  observed: 'every trust anchor of the client is retired',
  expected: 'a path to one of the client’s trust anchors',
  hint: 'Give the client a trust anchor that is in use.',
};
