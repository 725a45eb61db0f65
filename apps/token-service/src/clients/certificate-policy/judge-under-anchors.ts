import { parseCertificate, type Certificate, type CertificateCheck } from '@partner-ecosystem/x509';
import {
  judgePathUnder,
  type AnchorPolicy,
  type RevocationList,
  type RevocationMode,
} from '@partner-ecosystem/x509/path';
import { invalidClient } from '../../oauth-error/oauth-error.js';
import type { RegisteredClient, RegisteredTrustAnchor } from '../registered-client.entity.js';

const MODES: readonly RevocationMode[] = ['off', 'soft', 'require'];

export interface AnchoredVerdict {
  readonly checks: readonly CertificateCheck[];
  /** Of a valid path, and of no other. */
  readonly validUntil: Date | undefined;
}

/** The revocation lists that judging a client's certificate takes: SHA-256, lower-case hex. */
export function namedLists({ trustAnchors }: RegisteredClient): string[] {
  return trustAnchors.filter((anchor) => modeOf(anchor) !== 'off').flatMap(({ crls }) => crls);
}

/**
 * Looks for a path to one of the client's anchors over its registered intermediates, under each anchor's own rule about
 * revocation lists. Never the system's roots, never what the connection sent along. // A14
 * @param lists every one of `namedLists`
 * @throws OAuthError `invalid_client` when the client has no anchors
 */
export function judgeUnderAnchors(
  leaf: Certificate,
  client: RegisteredClient,
  now: Date,
  lists: ReadonlyMap<string, RevocationList>,
): AnchoredVerdict {
  const { trustAnchors } = client;
  if (trustAnchors.length === 0) {
    throw invalidClient('trust_anchors_missing', 'the client is known by identity and has no trust anchors');
  }
  const anchors = trustAnchors.flatMap((anchor) => policyOf(anchor, lists));
  const verdict = judgePathUnder(leaf, client.intermediates.map(certificateFrom), anchors, now);
  if (!verdict)
    throw invalidClient('trust_anchors_missing', 'no trust anchor of the client has the key that was pinned');
  return { checks: verdict.checks, validUntil: verdict.valid ? verdict.validUntil : undefined };
}

// What nobody here knows is the strictest.
function modeOf({ crl_mode }: RegisteredTrustAnchor): RevocationMode {
  return MODES.find((mode) => mode === crl_mode) ?? 'require';
}

// Pinned by its key: a certificate of the same name for another one is not the anchor that was chosen. // A14
function policyOf(anchor: RegisteredTrustAnchor, lists: ReadonlyMap<string, RevocationList>): AnchorPolicy[] {
  const certificate = certificateFrom(anchor.certificate);
  if (certificate.spkiSha256 !== anchor.spki_sha256) return [];
  const held = anchor.crls.flatMap((sha256) => lists.get(sha256) ?? []);
  return [{ certificate, crlMode: modeOf(anchor), lists: held }];
}

function certificateFrom(base64: string): Certificate {
  return parseCertificate(Buffer.from(base64, 'base64'));
}
