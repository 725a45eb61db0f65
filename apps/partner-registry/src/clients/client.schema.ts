import { z } from 'zod';
import { keySet, keySetUri } from '../records/key-set.schema.js';
import { pageOutput, pageParameters } from '../http/page.js';
import { audience, environment, rowOutput, text } from '../http/fields.schema.js';
import { identifierInput, identifierOutput } from '../identifiers/identifier.js';
import { canonicalSubject } from '../subject-values/canonical-subject.js';
import { subjectFault } from '../subject-values/subject-fault.js';
import type { SubjectField } from '../subject-values/subject-value.js';
import { AUTHENTICATION_METHODS, CERTIFICATE_POLICIES, type Client } from '../records/client.entity.js';
import { TARGET_WARNINGS } from './target-warnings.js';

/** A subject value, parsed to the form in which it is kept and compared. */
function subject(field: SubjectField, expected: string) {
  return z
    .string()
    .max(1000)
    .transform((given, context) => {
      const canonical = canonicalSubject(field, given);
      if (canonical !== undefined) return canonical;
      context.addIssue({ code: 'custom', message: `expected ${expected}: ${subjectFault(field, given)}` });
      return z.NEVER;
    });
}

// RFC 8705 section 2.1.2
const subjects = {
  tls_client_auth_subject_dn: subject('tls_client_auth_subject_dn', 'a distinguished name, RFC 4514'),
  tls_client_auth_san_dns: subject('tls_client_auth_san_dns', 'a DNS name in ASCII, without wildcard'),
  tls_client_auth_san_uri: subject('tls_client_auth_san_uri', 'an absolute URI in ASCII'),
  tls_client_auth_san_ip: subject('tls_client_auth_san_ip', 'an IPv4 or IPv6 address'),
  tls_client_auth_san_email: subject('tls_client_auth_san_email', 'an e-mail address'),
};
const subjectsOrNull = {
  tls_client_auth_subject_dn: subjects.tls_client_auth_subject_dn.nullish(),
  tls_client_auth_san_dns: subjects.tls_client_auth_san_dns.nullish(),
  tls_client_auth_san_uri: subjects.tls_client_auth_san_uri.nullish(),
  tls_client_auth_san_ip: subjects.tls_client_auth_san_ip.nullish(),
  tls_client_auth_san_email: subjects.tls_client_auth_san_email.nullish(),
};

const method = z.enum(AUTHENTICATION_METHODS);
const policy = z.enum(CERTIFICATE_POLICIES);
const status = z.enum(['draft', 'active', 'suspended', 'retired']);
const accessTokenTtl = z.int().min(60).max(900);
const maxActiveCertificates = z.int().min(1).max(10);

export const newClient = z
  .strictObject({
    partner_id: identifierInput('ptn'),
    client_name: text(200),
    environment: environment.optional(),
    token_endpoint_auth_method: method.optional(),
    ...z.object(subjects).partial().shape,
    jwks: keySet.optional(),
    jwks_uri: keySetUri.optional(),
    certificate_policy: policy.optional(),
    access_token_ttl: accessTokenTtl.optional(),
    default_resource: audience.optional(),
    max_active_certificates: maxActiveCertificates.optional(),
  })
  .meta({ id: 'NewClient' });

export type NewClient = z.infer<typeof newClient>;

/** RFC 7396: null takes away what may be absent. Partner, environment, method and status stay or have their own actions. */
export const clientPatch = z
  .strictObject({
    client_name: text(200).optional(),
    ...subjectsOrNull,
    jwks: keySet.nullish(),
    jwks_uri: keySetUri.nullish(),
    certificate_policy: policy.optional(),
    access_token_ttl: accessTokenTtl.optional(),
    default_resource: audience.nullish(),
    max_active_certificates: maxActiveCertificates.optional(),
  })
  .meta({ id: 'ClientPatch' });

export type ClientPatch = z.infer<typeof clientPatch>;

export const clientQuery = z.strictObject({
  ...pageParameters,
  partner_id: identifierInput('ptn').optional(),
  status: status.optional(),
  environment: environment.optional(),
  token_endpoint_auth_method: method.optional(),
});

export type ClientQuery = z.infer<typeof clientQuery>;

export const clientOutput = z
  .object({
    id: identifierOutput('cli'),
    client_id: z.string(),
    partner_id: identifierOutput('ptn'),
    client_name: z.string(),
    environment,
    status,
    status_reason: z.string().nullable(),
    token_endpoint_auth_method: method,
    tls_client_auth_subject_dn: z.string().nullable(),
    tls_client_auth_san_dns: z.string().nullable(),
    tls_client_auth_san_uri: z.string().nullable(),
    tls_client_auth_san_ip: z.string().nullable(),
    tls_client_auth_san_email: z.string().nullable(),
    jwks: z.object({ keys: z.array(z.looseObject({})) }).nullable(),
    jwks_uri: z.string().nullable(),
    certificate_policy: policy,
    bound_access_tokens: z.boolean(),
    access_token_ttl: z.int(),
    default_resource: z.string().nullable(),
    max_active_certificates: z.int(),
    ...rowOutput,
  })
  .meta({ id: 'Client' });

/** A client that was written. Warnings never keep anything from being done; a dry run gives them beforehand. */
export const writtenClientOutput = clientOutput
  .extend({
    warnings: z
      .array(
        z.object({
          code: z.enum(['key_passed_over', ...TARGET_WARNINGS]),
          pointer: z.string().optional().describe('JSON pointer to the key in the request that was passed over.'),
          detail: z.string(),
        }),
      )
      .describe('Keys that were passed over, and what changes for a token request that names no `resource`.'),
  })
  .meta({ id: 'WrittenClient' });

export type WrittenClient = Client & Pick<z.infer<typeof writtenClientOutput>, 'warnings'>;

export const clientPageOutput = pageOutput(clientOutput).meta({ id: 'ClientPage' });

/** Warnings never keep anything from being done; a dry run gives them beforehand. */
export const targetWarningsOutput = z
  .array(z.object({ code: z.enum(TARGET_WARNINGS), detail: z.string() }))
  .describe('What changes for a token request that names no `resource`.');
