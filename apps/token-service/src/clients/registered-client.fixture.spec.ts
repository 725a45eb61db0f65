import { X509Certificate } from 'node:crypto';
import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';
import type { Authority, Issued } from '@partner-ecosystem/test-pki';
import { parseCertificate } from '@partner-ecosystem/x509';
import { OAuthError } from '../oauth-error/oauth-error.js';
import type {
  RegisteredCertificate,
  RegisteredClient,
  RegisteredTrustAnchor,
} from '../records/registered-client.entity.js';

export const CLIENT_ID = 'cli_0199d1a2b3c47d5e8f60718293a4b5c6';
export const PARTNER_ID = 'ptn_0199d1a2b3c47d5e8f60718293a4b5c7';

/** A usable client, as the registry publishes it. */
export function registeredClient(changes: Partial<RegisteredClient> = {}): RegisteredClient {
  return {
    clientId: CLIENT_ID,
    partnerId: PARTNER_ID,
    clientStatus: 'active',
    partnerStatus: 'active',
    usable: true,
    authenticationMethod: 'tls_client_auth',
    certificatePolicy: 'registered_only',
    subjectDn: null,
    sanDns: null,
    sanUri: null,
    sanIp: null,
    sanEmail: null,
    accessTokenTtl: 300,
    defaultResource: null,
    certificates: [],
    grants: [],
    jwks: null,
    jwksUri: null,
    trustAnchors: [],
    intermediates: [],
    revokedCertificates: [],
    introspects: [],
    revocations: { epoch: '', seq: 0 },
    ...changes,
  };
}

export function registeredCertificate(
  { der, thumbprint }: Issued,
  changes: Partial<RegisteredCertificate> = {},
): RegisteredCertificate {
  const { notBefore, notAfter, spkiSha256 } = parseCertificate(der);
  return {
    thumbprint,
    not_before: notBefore.toISOString(),
    not_after: notAfter.toISOString(),
    retire_at: null,
    path_valid_until: null,
    spki_sha256: spkiSha256,
    ...changes,
  };
}

export function trustAnchor(
  { certificatePem }: Pick<Authority, 'certificatePem'>,
  changes: Partial<RegisteredTrustAnchor> = {},
): RegisteredTrustAnchor {
  const { raw } = new X509Certificate(certificatePem);
  const { spkiSha256 } = parseCertificate(raw);
  const id = 'anc_0199d1a2b3c47d5e8f60718293a4b5c8';
  return { id, certificate: raw.toString('base64'), spki_sha256: spkiSha256, crl_mode: 'soft', crls: [], ...changes };
}

export function evidenceOf(
  { der, thumbprint }: Pick<Issued, 'der' | 'thumbprint'>,
  intermediates: readonly Buffer[] = [],
): CertificateEvidence {
  return { der, thumbprint, ...(intermediates.length > 0 && { intermediates }), source: 'socket' };
}

/** `accepted`, or the id of the check that refused; a refusal must be 401 `invalid_client` unless another code is said. */
export async function checkOf(attempt: () => Promise<unknown>, code = 'invalid_client'): Promise<string> {
  try {
    await attempt();
    return 'accepted';
  } catch (error) {
    if (!(error instanceof OAuthError) || error.code !== code) throw error;
    return error.check;
  }
}
