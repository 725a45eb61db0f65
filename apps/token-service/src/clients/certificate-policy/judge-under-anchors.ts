import { parseCertificate, type Certificate, type CertificateCheck } from '@partner-ecosystem/x509';
import { judgePath, type PathVerdict, type RevocationMode } from '@partner-ecosystem/x509/path';
import { invalidClient } from '../../oauth-error/oauth-error.js';
import type { RegisteredClient, RegisteredTrustAnchor } from '../registered-client.entity.js';

const MODES: readonly RevocationMode[] = ['off', 'soft', 'require'];

export interface AnchoredVerdict {
  readonly checks: readonly CertificateCheck[];
  /** Of a valid path, and of no other. */
  readonly validUntil: Date | undefined;
}

/**
 * Looks for a path to one of the client's anchors over its registered intermediates, under each anchor's own rule about
 * revocation lists. Never the system's roots, never what the connection sent along. // A14
 * @throws OAuthError `invalid_client` when the client has no anchors
 *
 * Does not check: revocation lists themselves. None are published yet, so that an anchor that requires one refuses.
 */
export function judgeUnderAnchors(leaf: Certificate, client: RegisteredClient, now: Date): AnchoredVerdict {
  const { trustAnchors } = client;
  if (trustAnchors.length === 0) {
    throw invalidClient('trust_anchors_missing', 'the client is known by identity and has no trust anchors');
  }
  const intermediates = client.intermediates.map(certificateFrom);
  const verdicts = MODES.flatMap((crlMode) => {
    const anchors = trustAnchors.filter((anchor) => modeOf(anchor) === crlMode).flatMap(pinnedCertificate);
    return anchors.length === 0 ? [] : [judgePath({ leaf, intermediates, anchors, crls: [], crlMode, now })];
  });
  const [best] = verdicts.toSorted((a, b) => failures(a) - failures(b) || endOf(b) - endOf(a));
  if (!best) throw invalidClient('trust_anchors_missing', 'no trust anchor of the client has the key that was pinned');
  return { checks: best.checks, validUntil: best.valid ? best.validUntil : undefined };
}

// What nobody here knows is the strictest.
function modeOf({ crl_mode }: RegisteredTrustAnchor): RevocationMode {
  return MODES.find((mode) => mode === crl_mode) ?? 'require';
}

// Pinned by its key: a certificate of the same name for another one is not the anchor that was chosen. // A14
function pinnedCertificate(anchor: RegisteredTrustAnchor): Certificate[] {
  const certificate = certificateFrom(anchor.certificate);
  return certificate.spkiSha256 === anchor.spki_sha256 ? [certificate] : [];
}

function certificateFrom(base64: string): Certificate {
  return parseCertificate(Buffer.from(base64, 'base64'));
}

function failures({ checks }: PathVerdict): number {
  return checks.filter(({ result }) => result === 'fail').length;
}

function endOf({ validUntil }: PathVerdict): number {
  return validUntil?.getTime() ?? 0;
}
