import { parseDistinguishedName } from '@partner-ecosystem/x509';
import { z } from 'zod';
import { pageOutput, pageParameters } from '../conventions/page.js';
import { audience, environment, rowOutput, text } from '../conventions/fields.schema.js';
import { identifierInput, identifierOutput } from '../identifiers/identifier.js';

/** RFC 4514 text that names something; kept as the canonical text. */
const distinguishedName = z
  .string()
  .max(1000)
  .superRefine((dn, context) => {
    if (canonicalOf(dn) === undefined)
      context.addIssue({ code: 'custom', message: 'expected a distinguished name, RFC 4514' });
  });

export const newClient = z.strictObject({
  partner_id: identifierInput('ptn'),
  client_name: text(200),
  environment: environment.optional(),
  access_token_ttl: z.int().min(60).max(900).optional(),
  default_resource: audience.optional(),
  tls_client_auth_subject_dn: distinguishedName.optional(),
});

export type NewClient = z.infer<typeof newClient>;

export const newClientExamples = {
  first_certificate: {
    summary: 'The subject comes from the first certificate',
    value: {
      partner_id: 'ptn_0198c2f0111172228333012345678901',
      client_name: 'Acme shipment importer',
      environment: 'production',
    },
  },
  known_subject: {
    summary: 'The subject is known beforehand',
    value: {
      partner_id: 'ptn_0198c2f0111172228333012345678901',
      client_name: 'Acme shipment importer',
      environment: 'production',
      access_token_ttl: 300,
      tls_client_auth_subject_dn: 'CN=importer.acme.example,O=Acme Logistics GmbH,C=DE',
    },
  },
};

export const clientQuery = z.strictObject({ ...pageParameters, partner_id: identifierInput('ptn').optional() });

export type ClientQuery = z.infer<typeof clientQuery>;

/** The canonical text of a name with at least one part; undefined for what is none. */
export function canonicalOf(dn: string): string | undefined {
  try {
    const name = parseDistinguishedName(dn);
    return name.rdns.length > 0 ? name.text : undefined;
  } catch {
    return undefined;
  }
}

export const clientOutput = z.object({
  id: identifierOutput('cli'),
  client_id: z.string(),
  partner_id: identifierOutput('ptn'),
  client_name: z.string(),
  environment,
  status: z.enum(['draft', 'active', 'suspended', 'retired']),
  status_reason: z.string().nullable(),
  token_endpoint_auth_method: z.literal('tls_client_auth'),
  tls_client_auth_subject_dn: z.string().nullable(),
  tls_client_auth_san_dns: z.string().nullable(),
  tls_client_auth_san_uri: z.string().nullable(),
  tls_client_auth_san_ip: z.string().nullable(),
  tls_client_auth_san_email: z.string().nullable(),
  certificate_policy: z.literal('registered_only'),
  access_token_ttl: z.int(),
  default_resource: z.string().nullable(),
  max_active_certificates: z.int(),
  ...rowOutput,
});

export const clientPageOutput = pageOutput(clientOutput);
