import { z } from 'zod';
import { instantInput, instantOutput, rowOutput } from '../conventions/fields.schema.js';
import { pageOutput, pageParameters } from '../conventions/page.js';
import { identifierInput, identifierOutput } from '../identifiers/identifier.js';
import { REVOCATION_REASONS } from './certificate-status.js';

const LARGEST = 65_536;

/** PEM text or base64 DER; bodies of `application/x-pem-file` and `application/pkix-cert` become one of the two. */
export const certificateContent = {
  pem: z.string().min(1).max(LARGEST).describe('One leaf, or the leaf with its intermediates.').optional(),
  der: z.base64().min(1).max(LARGEST).describe('One certificate, base64.').optional(),
};

export function hasOneContent({ pem, der }: { pem?: string | undefined; der?: string | undefined }): boolean {
  return (pem === undefined) !== (der === undefined);
}

export const ONE_CONTENT = { error: 'expected either pem or der', path: ['pem'] };

export const certificateUpload = z
  .strictObject({
    ...certificateContent,
    activate: z.boolean().describe('false: kept pending until it is activated; default true.').optional(),
  })
  .refine(hasOneContent, ONE_CONTENT);

export type CertificateUpload = z.infer<typeof certificateUpload>;

export const certificateQuestion = z
  .strictObject({
    ...certificateContent,
    client_id: identifierInput('cli').describe('Also judge whether this client could register it.').optional(),
  })
  .refine(hasOneContent, ONE_CONTENT);

export type CertificateQuestion = z.infer<typeof certificateQuestion>;

export const revocation = z.strictObject({ reason: z.enum(REVOCATION_REASONS) });

export type Revocation = z.infer<typeof revocation>;

const status = z.enum(['pending', 'active', 'superseded', 'revoked', 'expired']);

export const certificateQuery = z.strictObject({
  ...pageParameters,
  client_id: identifierInput('cli').optional(),
  status: status.optional(),
  thumbprint: z
    .string()
    .regex(/^(?:[A-Za-z0-9_-]{43}|[0-9a-f]{64})$/, { error: 'expected a SHA-256, base64url or lower-case hex' })
    .optional(),
  expires_before: instantInput.describe('In the order of expiry then.').optional(),
});

export type CertificateQuery = z.infer<typeof certificateQuery>;

const check = z.object({
  id: z.string(),
  result: z.enum(['pass', 'fail', 'warn']),
  observed: z.string(),
  expected: z.string(),
  hint: z.string(),
});

const described = {
  // the same octets in the two spellings people compare with: tokens carry base64url, openssl prints hex
  thumbprint: z.string().length(43),
  sha256: z.string(),
  spki_sha256: z.string(),
  serial: z.string(),
  subject_dn: z.string().describe('Canonical: copy it from here, instead of typing one.'),
  issuer_dn: z.string(),
  subject_alternative_names: z.array(z.object({ kind: z.enum(['dns', 'uri', 'email', 'ip']), value: z.string() })),
  key: z.object({ type: z.string(), bits: z.int().optional(), curve: z.string().optional() }),
  extended_key_usage: z.array(z.string()).nullable(),
  not_before: instantOutput,
  not_after: instantOutput,
};

/** The result of a question: nothing of it is stored. */
export const certificateAnswer = z.object({
  acceptable: z.boolean().describe('Whether an upload would succeed now.'),
  ...described,
  intermediates: z.array(z.object({ subject_dn: z.string(), issuer_dn: z.string(), sha256: z.string() })),
  path_valid_until: instantOutput.nullable(),
  checks: z.array(check),
});

export const certificateOutput = z.object({
  id: identifierOutput('crt'),
  client_id: identifierOutput('cli'),
  source: z.enum(['uploaded', 'issued', 'renewed']),
  status,
  status_reason: z.string().nullable(),
  ...described,
  chain: z.array(z.string()).describe('Intermediates that came along, base64 DER, nearest first.'),
  path_valid_until: instantOutput
    .nullable()
    .describe('null: not judged, because the client has no trust anchors. In the past: there is no path any more.'),
  path_trust_anchor_id: identifierOutput('anc').nullable(),
  retire_at: instantOutput.nullable(),
  revoked_at: instantOutput.nullable(),
  revocation_reason: z.enum(REVOCATION_REASONS).nullable(),
  checks: z.array(check),
  ...rowOutput,
});

export const certificatePageOutput = pageOutput(certificateOutput);
