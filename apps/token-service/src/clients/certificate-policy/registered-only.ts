import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';
import type { RegisteredCertificate, RegisteredClient } from '../../records/registered-client.entity.js';
import { assertWithinDates, plannedDates, type UsableWindow } from './assert-within-dates.js';
import type { UsableCertificate } from './usable-certificate.js';
import { whyUnregistered } from './why-unregistered.js';

/**
 * Policy `registered_only`: the certificate is one of the client's active ones, by the SHA-256 of its DER. // A11
 * @param judgesPath false for `self_signed_tls_client_auth`, where nobody else vouches for a certificate // A13
 * @throws OAuthError `invalid_client`
 *
 * Does not check: strength and path, which the registry judges before a certificate becomes active; the path's end is
 * published with it. A certificate whose client had no anchors has no such end.
 */
export function registeredOnly(
  client: RegisteredClient,
  evidence: CertificateEvidence,
  now: Date,
  { judgesPath }: { judgesPath: boolean },
): UsableCertificate {
  const certificate = client.certificates.find(({ thumbprint }) => thumbprint === evidence.thumbprint);
  if (!certificate) throw whyUnregistered(client, evidence, now);
  const window = windowOf(certificate);
  const usableUntil = assertWithinDates(judgesPath ? window : { ...window, pathValidUntil: null }, now);
  return { thumbprint: certificate.thumbprint, usableUntil };
}

// What its texts say, read once while the registration stands; whether it is within them is judged every time.
const windows = new WeakMap<RegisteredCertificate, UsableWindow>();

function windowOf(certificate: RegisteredCertificate): UsableWindow {
  const known = windows.get(certificate);
  if (known) return known;
  const window: UsableWindow = {
    notBefore: new Date(certificate.not_before),
    notAfter: new Date(certificate.not_after),
    ...plannedDates(certificate),
    pathValidUntil: certificate.path_valid_until === null ? null : new Date(certificate.path_valid_until),
  };
  windows.set(certificate, window);
  return window;
}
