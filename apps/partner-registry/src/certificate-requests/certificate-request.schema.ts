import { z } from 'zod';
import { check } from '../certificates/certificate.schema.js';
import { instantOutput, rowOutput } from '../http/fields.schema.js';
import { pageOutput, pageParameters } from '../http/page.js';
import { identifierInput, identifierOutput } from '../identifiers/identifier.js';
import { CERTIFICATE_REQUEST_STATUSES } from '../records/certificate-request-status.js';

const LARGEST = 65_536;

/** Bodies of `application/pkcs10` become `csr`, those of `application/x-pem-file` become `pem`. */
const content = {
  csr: z.string().min(1).max(LARGEST).describe('A PKCS#10 request: PEM, or DER in base64.').optional(),
  pem: z.string().min(1).max(LARGEST).describe('The same, PEM only. Instead of `csr`.').optional(),
};

function hasOneContent({ csr, pem }: { csr?: string | undefined; pem?: string | undefined }): boolean {
  return (csr === undefined) !== (pem === undefined);
}

const ONE_CONTENT = { error: 'expected either csr or pem', path: ['csr'] };

export const newCertificateRequest = z
  .strictObject({
    ...content,
    replaces: identifierInput('crt').describe('Which certificate of the client it is to follow.').optional(),
    activate: z
      .boolean()
      .describe('false: the certificate is kept pending until it is activated; default true.')
      .optional(),
  })
  .refine(hasOneContent, ONE_CONTENT)
  .meta({ id: 'NewCertificateRequest' });

export type NewCertificateRequest = z.infer<typeof newCertificateRequest>;

export const certificateRequestQuestion = z
  .strictObject({
    ...content,
    client_id: identifierInput('cli').describe('Also judge whether this client could submit it.').optional(),
  })
  .refine(hasOneContent, ONE_CONTENT)
  .meta({ id: 'CertificateRequestQuestion' });

export type CertificateRequestQuestion = z.infer<typeof certificateRequestQuestion>;

const status = z.enum(CERTIFICATE_REQUEST_STATUSES);

export const certificateRequestQuery = z.strictObject({
  ...pageParameters,
  client_id: identifierInput('cli').optional(),
  status: status.optional(),
});

export type CertificateRequestQuery = z.infer<typeof certificateRequestQuery>;

const key = z.object({ type: z.string(), bits: z.int().optional(), curve: z.string().optional() });
const names = z.array(z.object({ kind: z.enum(['dns', 'uri', 'email', 'ip']), value: z.string() }));

/** The result of a question: nothing of it is stored. */
export const certificateRequestAnswer = z
  .object({
    acceptable: z.boolean().describe('Whether submitting it would succeed now.'),
    subject_dn: z.string().describe('As the request asks for; empty when it asks for none.'),
    subject_alternative_names: names.describe('As the request asks for.'),
    spki_sha256: z.string(),
    key,
    signature_algorithm: z.string(),
    certificate: z
      .object({ subject_dn: z.string(), subject_alternative_names: names })
      .nullable()
      .describe('Whom the platform would have the certificate name; null without `client_id`.'),
    needs_approval: z.boolean().nullable().describe('null without `client_id`.'),
    checks: z.array(check),
  })
  .meta({ id: 'CertificateRequestJudgement' });

export const certificateRequestOutput = z
  .object({
    id: identifierOutput('crq'),
    client_id: identifierOutput('cli'),
    status,
    spki_sha256: z.string(),
    key,
    replaces: identifierOutput('crt').nullable(),
    activate: z.boolean(),
    requested_by: z.string().describe('The client of whoever asked for it.'),
    decided_by: z.string().nullable().describe('The client of whoever approved or rejected it; null: nobody had to.'),
    decided_at: instantOutput.nullable(),
    decision_reason: z.string().nullable(),
    certificate_id: identifierOutput('crt')
      .nullable()
      .describe('The certificate, once it is issued: download it as `/v1/certificates/{id}.pem`.'),
    checks: z.array(check).describe('As it was judged last: when it came, or when it was approved.'),
    ...rowOutput,
  })
  .meta({ id: 'ListedCertificateRequest' });

/** With the request itself, which lists leave out. */
export const wholeCertificateRequestOutput = certificateRequestOutput
  .extend({ csr: z.string().describe('PEM') })
  .meta({ id: 'CertificateRequest' });

export const certificateRequestPageOutput = pageOutput(certificateRequestOutput).meta({ id: 'CertificateRequestPage' });
