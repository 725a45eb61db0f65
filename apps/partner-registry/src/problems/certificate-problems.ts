import type { ProblemTable } from '@partner-ecosystem/platform/problem';

/** What certificates and trust anchors are refused for. */
export const CERTIFICATE_PROBLEMS = {
  private_key_in_request: {
    status: 400,
    title: 'Private key in the request',
    explanation:
      'A private key was sent. It was neither stored nor logged, but it has left its machine: consider it compromised, create a new key pair, and send only the certificate or the request for one.',
  },
  certificate_malformed: {
    status: 400,
    title: 'Certificate malformed',
    explanation:
      'The body is no X.509 certificate: PEM (BEGIN CERTIFICATE, base64, END CERTIFICATE), or DER as application/pkix-cert or in base64.',
  },
  certificate_bundle: {
    status: 400,
    title: 'Certificate bundle',
    explanation:
      'The body holds several certificates, and not exactly one of them is a leaf that the others certify. A bundle is one leaf with its intermediates.',
  },
  certificate_refused: {
    status: 422,
    title: 'Certificate refused',
    explanation:
      'The certificate failed a check; checks[] names each one with what was observed, what is expected and what to do.',
  },
  certificate_known: {
    status: 409,
    title: 'Certificate known',
    explanation: 'This certificate is already registered. Certificates are registered once; have another one issued.',
  },
  certificate_revoked: {
    status: 409,
    title: 'Certificate revoked',
    explanation: 'This certificate was revoked, or its key was reported compromised. Neither can be registered again.',
  },
  key_in_use: {
    status: 409,
    title: 'Key in use',
    explanation: 'A key pair belongs to one partner. Create a new key pair and have a certificate issued for it.',
  },
  too_many_certificates: {
    status: 409,
    title: 'Too many certificates',
    explanation: 'The client has as many active certificates as it may have. Revoke one that is no longer used.',
  },
  date_impossible: {
    status: 422,
    title: 'Date impossible',
    explanation:
      'A certificate is activated and retired at dates to come, within its validity, and retired after it was activated. Without a date it is done now.',
  },
  unknown_certificate: {
    status: 422,
    title: 'Unknown certificate',
    explanation: 'A certificate replaces one of the same client.',
  },
  certificates_unused: {
    status: 409,
    title: 'Certificates unused',
    explanation:
      'A client with self_signed_tls_client_auth is known by the certificates in its jwks: only those can be registered, so PATCH the client first. With the policy identity_only every certificate of the subject is accepted: revoke one to keep it out.',
  },
  unknown_trust_anchor: {
    status: 422,
    title: 'Unknown trust anchor',
    explanation: 'It names no active trust anchor that is shared or belongs to the client’s partner.',
  },
  trust_anchor_refused: {
    status: 422,
    title: 'Trust anchor refused',
    explanation: 'Only the certificate of an authority can be an anchor; checks[] says what is wrong with this one.',
  },
  trust_anchor_known: {
    status: 409,
    title: 'Trust anchor known',
    explanation: 'An active trust anchor of the same owner has this key already. Anchors are pinned by key.',
  },
  trust_anchor_in_use: {
    status: 409,
    title: 'Trust anchor in use',
    explanation:
      'Clients depend on it: GET /v1/trust-anchors/{id}/dependents lists them, and …/impact?change=retire says what each would lose. With force it is retired nevertheless, and what only it vouched for is refused from then on.',
  },
  crl_malformed: {
    status: 400,
    title: 'CRL malformed',
    explanation:
      'The body is no CRL: PEM (BEGIN X509 CRL, base64, END X509 CRL), or DER as application/pkix-crl or in base64.',
  },
  crl_refused: {
    status: 422,
    title: 'CRL refused',
    explanation:
      'A list counts when the anchor signed it, or an authority below the anchor that a client has registered; when it is whole, dated, of the past, and not older than the one that is held. The one that is held stays.',
  },
  issuing_unavailable: {
    status: 503,
    title: 'Issuing unavailable',
    explanation:
      'The registry has no certificate authority for this environment that could issue now: none was made, it has ended, or its key cannot be opened. Nothing is wrong with the request: ask the platform’s operators and send it again.',
  },
} as const satisfies ProblemTable;
