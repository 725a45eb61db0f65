import { parseCertificate, X509Error, type Certificate, type CertificateCheck } from '@partner-ecosystem/x509';
import {
  judgePathUnder,
  vouchedFor,
  type AnchorPolicy,
  type Crl,
  type RevocationMode,
} from '@partner-ecosystem/x509/path';
import { invalidClient } from '../../oauth-error/oauth-error.js';
import type { RegisteredClient, RegisteredTrustAnchor } from '../../records/registered-client.entity.js';

const MODES: readonly RevocationMode[] = ['off', 'soft', 'require'];

export interface AnchoredVerdict {
  readonly checks: readonly CertificateCheck[];
  /** Of a valid path, and of no other. */
  readonly validUntil: Date | undefined;
  /** How many of the connection's intermediates an authority of the client has signed. */
  readonly usedHints: number;
}

/** The CRLs that judging a client's certificate takes: SHA-256, lower-case hex. */
export function namedLists({ trustAnchors }: RegisteredClient): string[] {
  return trustAnchors.filter((anchor) => modeOf(anchor) !== 'off').flatMap(({ crls }) => crls);
}

/**
 * Looks for a path to one of the client's anchors, under each anchor's own rule about CRLs: over its registered
 * intermediates, and over those of the connection that one of these authorities has signed. Never the system's roots. // A14, A44
 * @param sent what came along with the leaf, DER; what cannot be read is passed over
 * @param lists every one of `namedLists`
 * @throws OAuthError `invalid_client` when the client has no anchors
 */
export function judgeUnderAnchors(
  leaf: Certificate,
  sent: readonly Buffer[],
  client: RegisteredClient,
  now: Date,
  lists: ReadonlyMap<string, Crl>,
): AnchoredVerdict {
  const { trustAnchors } = client;
  if (trustAnchors.length === 0) {
    throw invalidClient('trust_anchors_missing', 'the client is known by identity and has no trust anchors');
  }
  const anchors = trustAnchors.flatMap((anchor) => policyOf(anchor, lists));
  const registered = client.intermediates.map(certificateFrom);
  const hints = vouchedFor(sent.flatMap(readable), [...anchors.map(({ certificate }) => certificate), ...registered]);
  const verdict = judgePathUnder(leaf, [...registered, ...hints], anchors, now);
  if (!verdict)
    throw invalidClient('trust_anchors_missing', 'no trust anchor of the client has the key that was pinned');
  return {
    checks: verdict.checks,
    validUntil: verdict.valid ? verdict.validUntil : undefined,
    usedHints: hints.length,
  };
}

// What nobody here knows is the strictest.
function modeOf({ crl_mode }: RegisteredTrustAnchor): RevocationMode {
  return MODES.find((mode) => mode === crl_mode) ?? 'require';
}

// Pinned by its key: a certificate of the same name for another one is not the anchor that was chosen. // A14
function policyOf(anchor: RegisteredTrustAnchor, lists: ReadonlyMap<string, Crl>): AnchorPolicy[] {
  const certificate = certificateFrom(anchor.certificate);
  if (certificate.spkiSha256 !== anchor.spki_sha256) return [];
  const held = anchor.crls.flatMap((sha256) => lists.get(sha256) ?? []);
  return [{ certificate, crlMode: modeOf(anchor), lists: held }];
}

function readable(der: Buffer): Certificate[] {
  try {
    return [parseCertificate(der)];
  } catch (error) {
    if (error instanceof X509Error) return [];
    throw error;
  }
}

function certificateFrom(base64: string): Certificate {
  return parseCertificate(Buffer.from(base64, 'base64'));
}
