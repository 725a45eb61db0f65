import { z } from 'zod';
import { CERTIFICATE_POLICIES } from '../records/client.entity.js';
import { audience, environment, instantOutput } from '../http/fields.schema.js';
import { pageOutput, pageParameters } from '../http/page.js';
import { identifierInput, identifierOutput } from '../identifiers/identifier.js';
import { EFFECTS, TOKEN_FATES } from './impact.js';

export const anchorImpactQuery = z.strictObject({
  ...pageParameters,
  change: z.enum(['retire', 'crl_mode:require', 'crl_mode:soft', 'crl_mode:off']),
});

export type AnchorImpactQuery = z.infer<typeof anchorImpactQuery>;

export const partnerImpactQuery = z.strictObject({ ...pageParameters, change: z.enum(['suspend', 'offboard']) });

export type PartnerImpactQuery = z.infer<typeof partnerImpactQuery>;

export const clientImpactQuery = z
  .strictObject({
    ...pageParameters,
    change: z.enum([
      'suspend',
      'retire',
      'default_resource',
      'certificate_policy:registered_only',
      'certificate_policy:identity_only',
      'unlink_trust_anchor',
    ]),
    trust_anchor_id: identifierInput('anc').describe('Which one, with `unlink_trust_anchor`.').optional(),
    default_resource: audience.describe('Which one, with `default_resource`. Absent: none any more.').optional(),
  })
  .refine(({ change, default_resource: wanted }) => change === 'default_resource' || wanted === undefined, {
    error: 'expected only with the change default_resource',
    path: ['default_resource'],
  })
  .refine(({ change, trust_anchor_id: id }) => (change === 'unlink_trust_anchor') === (id !== undefined), {
    error: 'expected with unlink_trust_anchor, and only with it',
    path: ['trust_anchor_id'],
  });

export type ClientImpactQuery = z.infer<typeof clientImpactQuery>;

export const certificateImpactQuery = z.strictObject({
  ...pageParameters,
  change: z.enum(['supersede', 'revoke', 'revoke:key_compromise']),
});

export type CertificateImpactQuery = z.infer<typeof certificateImpactQuery>;

export const grantImpactQuery = z.strictObject({ ...pageParameters, change: z.enum(['approve', 'revoke']) });

export type GrantImpactQuery = z.infer<typeof grantImpactQuery>;

const clientImpactOutput = z
  .object({
    client_id: identifierOutput('cli'),
    client_name: z.string(),
    partner_id: identifierOutput('ptn'),
    partner_name: z.string(),
    environment,
    status: z.enum(['draft', 'active', 'suspended', 'retired']),
    certificate_policy: z.enum(CERTIFICATE_POLICIES),
    effect: z
      .enum(EFFECTS)
      .describe(
        '`cut_off`: it could fetch tokens until then. `loses_certificates`: it has fewer that are good, or anchors. `loses_default_audience`: a token request without `resource` gets something else, or is refused.',
      ),
    lost_certificates: z.int().describe('Registered ones that are good now and would not be.'),
    usable_certificates: z.int().describe('Registered ones that would be good afterwards.'),
    usable_trust_anchors: z.int().describe('Anchors that would vouch for certificates afterwards.'),
    default_audience: z
      .string()
      .nullable()
      .describe('Of a token for which no `resource` is named. null: it is refused.'),
    default_audience_afterwards: z.string().nullable().describe('The same after the change.'),
    grants: z.array(z.object({ audience: z.string(), scopes: z.array(z.string()) })).describe('In force now.'),
    more_grants: z.boolean().describe('There are more than are listed.'),
    last_seen_at: instantOutput.nullable().describe('When it last authenticated. null: not as far back as is known.'),
    live_tokens: z.boolean().describe('It was given a token that has not expired.'),
    tokens: z.enum(TOKEN_FATES).describe('What would become of its tokens.'),
  })
  .meta({ id: 'ClientImpact' });

export const impactOutput = z
  .object({
    totals: z
      .object({
        clients: z.int(),
        cut_off: z.int(),
        cut_off_used_last_7_days: z.int().describe('Those of them that authenticated within seven days.'),
        loses_certificates: z.int(),
        loses_default_audience: z.int(),
        none: z.int(),
        undecided: z.int().describe('Too many to be judged, or even counted, at once: their pages tell.'),
      })
      .nullable()
      .describe('Of all clients, with the first page; null on the others.'),
    ...pageOutput(clientImpactOutput).shape,
  })
  .meta({ id: 'Impact' });
