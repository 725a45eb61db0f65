import { z } from 'zod';
import { pageOutput } from '../conventions/page.js';
import { instantOutput, rowOutput } from '../conventions/fields.schema.js';
import { identifierOutput } from '../identifiers/identifier.js';
import { REVOCATION_REASONS } from './certificate-status.js';

/** A body of `application/x-pem-file` becomes this, too. */
export const certificateUpload = z.strictObject({ pem: z.string().min(1).max(65_536) });

export type CertificateUpload = z.infer<typeof certificateUpload>;

export const certificateUploadExamples = {
  pem: {
    summary: 'One leaf certificate, PEM',
    value: { pem: '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n' },
  },
};

export const revocation = z.strictObject({ reason: z.enum(REVOCATION_REASONS) });

export type Revocation = z.infer<typeof revocation>;

export const revocationExamples = {
  superseded: { summary: 'Replaced by a newer one', value: { reason: 'superseded' } },
  key_compromise: { summary: 'The private key was seen elsewhere', value: { reason: 'key_compromise' } },
};

const check = z.object({
  id: z.string(),
  result: z.enum(['pass', 'fail', 'warn']),
  observed: z.string(),
  expected: z.string(),
  hint: z.string(),
});

export const certificateOutput = z.object({
  id: identifierOutput('crt'),
  client_id: identifierOutput('cli'),
  source: z.enum(['uploaded', 'issued', 'renewed']),
  status: z.enum(['pending', 'active', 'superseded', 'revoked', 'expired']),
  // the same octets in the two spellings people compare with: tokens carry base64url, openssl prints hex
  thumbprint: z.string().length(43),
  sha256: z.string(),
  spki_sha256: z.string(),
  serial: z.string(),
  subject_dn: z.string(),
  issuer_dn: z.string(),
  subject_alternative_names: z.array(z.object({ kind: z.enum(['dns', 'uri', 'email', 'ip']), value: z.string() })),
  key: z.object({ type: z.string(), bits: z.int().optional(), curve: z.string().optional() }),
  extended_key_usage: z.array(z.string()).nullable(),
  not_before: instantOutput,
  not_after: instantOutput,
  retire_at: instantOutput.nullable(),
  revoked_at: instantOutput.nullable(),
  revocation_reason: z.enum(REVOCATION_REASONS).nullable(),
  checks: z.array(check),
  ...rowOutput,
});

export const certificatePageOutput = pageOutput(certificateOutput);
