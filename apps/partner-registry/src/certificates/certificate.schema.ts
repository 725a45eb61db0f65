import { asDocumented } from '@partner-ecosystem/platform/openapi';
import { z } from 'zod';
import { instantInput, instantOutput, reasonInput, rowOutput } from '../http/fields.schema.js';
import { pageOutput, pageParameters } from '../http/page.js';
import { identifierInput, identifierOutput } from '../identifiers/identifier.js';
import { REVOCATION_REASONS } from '../records/certificate-status.js';

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
    activate_at: instantInput
      .describe('Kept pending until this moment, and in use from then on. Instead of `activate`.')
      .optional(),
    replaces: identifierInput('crt').describe('Which certificate of the client it is to follow.').optional(),
  })
  .refine(hasOneContent, ONE_CONTENT)
  .refine(({ activate, activate_at: date }) => activate === undefined || date === undefined, {
    error: 'expected either activate or activate_at',
    path: ['activate_at'],
  })
  .meta({ id: 'CertificateUpload' });

export type CertificateUpload = z.infer<typeof certificateUpload>;

export const certificateQuestion = z
  .strictObject({
    ...certificateContent,
    client_id: identifierInput('cli').describe('Also judge whether this client could register it.').optional(),
  })
  .refine(hasOneContent, ONE_CONTENT)
  .meta({ id: 'CertificateQuestion' });

export type CertificateQuestion = z.infer<typeof certificateQuestion>;

const at = instantInput.optional();

export const activation = reasonInput
  .extend({ at: at.describe('Without it now. Until then it stays pending.') })
  .meta({ id: 'CertificateActivation' });

export type Activation = z.infer<typeof activation>;

export const supersession = reasonInput
  .extend({ at: at.describe('Without it now. Until then it stays in use.') })
  .meta({ id: 'CertificateSupersession' });

export type Supersession = z.infer<typeof supersession>;

export const revocation = z.strictObject({ reason: z.enum(REVOCATION_REASONS) }).meta({ id: 'CertificateRevocation' });

export type Revocation = z.infer<typeof revocation>;

const status = z.enum(['pending', 'active', 'superseded', 'revoked', 'expired']);

export const certificateQuery = z
  .strictObject({
    ...pageParameters,
    client_id: identifierInput('cli').optional(),
    partner_id: identifierInput('ptn').optional(),
    status: status.optional(),
    thumbprint: z
      .string()
      .regex(/^(?:[A-Za-z0-9_-]{43}|[0-9a-f]{64})$/, { error: 'expected a SHA-256, base64url or lower-case hex' })
      .optional(),
    expires_before: instantInput.describe('In the order of expiry then, those that have expired first.').optional(),
    expires_within_days: asDocumented(
      z.string().regex(/^[1-9]\d{0,2}$/, { error: 'expected a whole number from 1 to 999' }),
      { type: 'integer', minimum: 1, maximum: 999 },
    )
      .transform(Number)
      .describe('Not expired, but so many days from now. In the order of expiry.')
      .optional(),
  })
  .refine(({ expires_before: before, expires_within_days: days }) => before === undefined || days === undefined, {
    error: 'expected either expires_before or expires_within_days',
    path: ['expires_within_days'],
  });

export type CertificateQuery = z.infer<typeof certificateQuery>;

export const check = z
  .object({
    id: z.string(),
    result: z.enum(['pass', 'fail', 'warn']),
    observed: z.string(),
    expected: z.string(),
    hint: z.string(),
  })
  .meta({ id: 'Check' });

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
export const certificateAnswer = z
  .object({
    acceptable: z.boolean().describe('Whether an upload would succeed now.'),
    ...described,
    intermediates: z.array(z.object({ subject_dn: z.string(), issuer_dn: z.string(), sha256: z.string() })),
    path_valid_until: instantOutput.nullable(),
    checks: z.array(check),
  })
  .meta({ id: 'CertificateJudgement' });

/** A certificate as it is stored: what audit events and changes tell of it. */
export const certificateOutput = z.object({
  id: identifierOutput('crt'),
  client_id: identifierOutput('cli'),
  partner_id: identifierOutput('ptn'),
  source: z.enum(['uploaded', 'issued', 'renewed']),
  certificate_authority_id: identifierOutput('cau').nullable().describe('null: not issued by the platform.'),
  status,
  status_reason: z.string().nullable(),
  ...described,
  chain: z.array(z.string()).describe('Intermediates that came along, base64 DER, nearest first.'),
  path_valid_until: instantOutput
    .nullable()
    .describe('null: not judged, because the client has no trust anchors. In the past: there is no path any more.'),
  path_trust_anchor_id: identifierOutput('anc').nullable(),
  activate_at: instantOutput.nullable().describe('In use from then on, if it is pending.'),
  retire_at: instantOutput.nullable().describe('Out of use from then on, if it is active.'),
  replaces: identifierOutput('crt').nullable().describe('The certificate it is to follow.'),
  revoked_at: instantOutput.nullable(),
  revocation_reason: z.enum(REVOCATION_REASONS).nullable(),
  checks: z.array(check),
  ...rowOutput,
});

/** With what the token service knows about it. */
export const shownCertificateOutput = certificateOutput
  .extend({
    first_seen_at: instantOutput.nullable().describe('When the client first authenticated with it. null: never yet.'),
    last_seen_at: instantOutput.nullable(),
    days_left: z.int().min(0).describe('Whole days until `not_after`; 0 on the last one, and afterwards.'),
  })
  .meta({ id: 'Certificate' });

export const certificatePageOutput = pageOutput(shownCertificateOutput).meta({ id: 'CertificatePage' });

/** Across clients: with whom to talk to. */
export const ownedCertificatePageOutput = pageOutput(
  shownCertificateOutput.extend({ client_name: z.string(), partner_name: z.string() }).meta({ id: 'OwnedCertificate' }),
).meta({ id: 'OwnedCertificatePage' });

/** Warnings never keep anything from being done; a dry run gives them beforehand. */
export const supersededCertificateOutput = shownCertificateOutput
  .extend({
    warnings: z.array(
      z.object({
        code: z.literal('successor_unseen'),
        detail: z.string(),
        certificate_ids: z.array(identifierOutput('crt')).describe('The successors, of which none was seen.'),
      }),
    ),
  })
  .meta({ id: 'SupersededCertificate' });
