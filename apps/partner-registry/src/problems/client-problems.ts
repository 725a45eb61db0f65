import type { ProblemTable } from '@partner-ecosystem/platform/problem';

/** What partners and clients are refused for. */
export const CLIENT_PROBLEMS = {
  slug_taken: {
    status: 409,
    title: 'Slug taken',
    explanation: 'Another partner has this slug. Choose another one; slugs are never reused.',
  },
  unknown_partner: {
    status: 422,
    title: 'Unknown partner',
    explanation: 'The partner_id names no partner. Create the partner first.',
  },
  partner_offboarded: {
    status: 409,
    title: 'Partner offboarded',
    explanation: 'An offboarded partner stays as it was for the record. Its contacts can still be erased.',
  },
  unknown_client: { status: 422, title: 'Unknown client', explanation: 'The client_id names no client.' },
  client_incomplete: {
    status: 409,
    title: 'Client incomplete',
    explanation:
      'An active client needs an active certificate, or with identity_only a trust anchor; and with tls_client_auth a registered subject value. Upload a certificate, then activate.',
  },
  client_retired: {
    status: 409,
    title: 'Client retired',
    explanation: 'A retired client stays as it was for the record. Register another client.',
  },
  fields_of_method: {
    status: 400,
    title: 'Fields of the method',
    explanation:
      'The method tls_client_auth takes at most one tls_client_auth_* value and no keys; self_signed_tls_client_auth and private_key_jwt take either jwks or jwks_uri, and no subject value. errors[] names what is too much or missing.',
  },
  identity_incomplete: {
    status: 422,
    title: 'Identity incomplete',
    explanation:
      'With the policy identity_only any certificate of an identity is accepted, so the client needs tls_client_auth, a subject value and at least one trust anchor.',
  },
  identity_taken: {
    status: 409,
    title: 'Identity taken',
    explanation: 'Under one trust anchor a subject value stands for one partner. Choose another value or anchor.',
  },
  subject_in_use: {
    status: 409,
    title: 'Subject in use',
    explanation:
      'The client has certificates that do not carry the new subject value. Supersede or revoke them first; another system is another client.',
  },
} as const satisfies ProblemTable;
