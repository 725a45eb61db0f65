import type { Certificate } from '../certificate/certificate.js';
import type { Crl } from '../revocation/crl.js';
import { judgePath, type PathVerdict } from './judge-path.js';
import type { RevocationMode } from './revocation-checks.js';

/** An anchor with its own rule about CRLs. */
export interface AnchorPolicy {
  readonly certificate: Certificate;
  readonly crlMode: RevocationMode;
  /** of the anchor and of authorities below it */
  readonly lists: readonly Crl[];
}

const MODES: readonly RevocationMode[] = ['off', 'soft', 'require'];

/**
 * Looks for a path to one of the anchors, each under its own rule about CRLs: a valid one, of several the
 * one that lasts longest, or else the refusal with the fewest failed checks; undefined without anchors.
 * Does not check: what `judgePath` does not.
 */
export function judgePathUnder(
  leaf: Certificate,
  intermediates: readonly Certificate[],
  anchors: readonly AnchorPolicy[],
  now: Date,
): PathVerdict | undefined {
  const verdicts = MODES.flatMap((crlMode) => {
    const judged = anchors.filter((anchor) => anchor.crlMode === crlMode);
    if (judged.length === 0) return [];
    const crls = judged.flatMap(({ lists }) => lists);
    return [
      judgePath({ leaf, intermediates, anchors: judged.map(({ certificate }) => certificate), crls, crlMode, now }),
    ];
  });
  const [best] = verdicts.sort((a, b) => failures(a) - failures(b) || endOf(b) - endOf(a));
  return best;
}

function failures({ checks }: PathVerdict): number {
  return checks.filter(({ result }) => result === 'fail').length;
}

function endOf({ validUntil }: PathVerdict): number {
  return validUntil?.getTime() ?? 0;
}
