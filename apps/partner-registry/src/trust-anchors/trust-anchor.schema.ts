import { z } from 'zod';
import { certificateContent, hasOneContent, ONE_CONTENT } from '../certificates/certificate.schema.js';
import { instantOutput, rowOutput, text } from '../http/fields.schema.js';
import { pageOutput, pageParameters } from '../http/page.js';
import { identifierInput, identifierOutput } from '../identifiers/identifier.js';
import { crlOutput, crlUris } from '../crls/crl.schema.js';
import { CRL_MODES } from '../records/trust-anchor.entity.js';

const MOST_ANCHORS = 20;

const crlMode = z.enum(CRL_MODES);
const status = z.enum(['active', 'retired']);

export const newTrustAnchor = z
  .strictObject({
    name: text(200),
    ...certificateContent,
    partner_id: identifierInput('ptn')
      .describe('Whose clients may use it; left out: those of every partner.')
      .optional(),
    crl_mode: crlMode.optional(),
    crl_uris: crlUris.optional(),
  })
  .refine(hasOneContent, ONE_CONTENT)
  .meta({ id: 'NewTrustAnchor' });

export type NewTrustAnchor = z.infer<typeof newTrustAnchor>;

/** The certificate and its owner stay: another key is another anchor. */
export const trustAnchorPatch = z
  .strictObject({
    name: text(200).optional(),
    crl_mode: crlMode.optional(),
    crl_uris: crlUris.optional(),
  })
  .meta({ id: 'TrustAnchorPatch' });

export type TrustAnchorPatch = z.infer<typeof trustAnchorPatch>;

export const trustAnchorRetirement = z
  .strictObject({
    reason: text(500),
    force: z.boolean().describe('Retire it although clients depend on it.').optional(),
  })
  .meta({ id: 'TrustAnchorRetirement' });

export type TrustAnchorRetirement = z.infer<typeof trustAnchorRetirement>;

export const trustAnchorQuery = z.strictObject({
  ...pageParameters,
  partner_id: identifierInput('ptn').optional(),
  status: status.optional(),
  spki_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: 'expected a SHA-256, lower-case hex' })
    .optional(),
});

export type TrustAnchorQuery = z.infer<typeof trustAnchorQuery>;

export const trustAnchorOutput = z
  .object({
    id: identifierOutput('anc'),
    name: z.string(),
    partner_id: identifierOutput('ptn').nullable().describe('null: shared'),
    status,
    status_reason: z.string().nullable(),
    crl_mode: crlMode,
    crl_uris: z.array(z.string()),
    pem: z.string(),
    sha256: z.string(),
    spki_sha256: z.string().describe('What is pinned: the key, never the name.'),
    serial: z.string(),
    subject_dn: z.string(),
    key: z.object({ type: z.string(), bits: z.int().optional(), curve: z.string().optional() }),
    not_before: instantOutput,
    not_after: instantOutput,
    ...rowOutput,
  })
  .meta({ id: 'ClientTrustAnchor' });

/** With the state of its CRLs. */
export const shownTrustAnchorOutput = trustAnchorOutput
  .extend({ crls: z.array(crlOutput) })
  .meta({ id: 'TrustAnchor' });

export const trustAnchorPageOutput = pageOutput(shownTrustAnchorOutput).meta({ id: 'TrustAnchorPage' });

export const dependentPageOutput = pageOutput(
  z
    .object({
      client_id: identifierOutput('cli'),
      partner_id: identifierOutput('ptn'),
      client_name: z.string(),
      status: z.enum(['draft', 'active', 'suspended', 'retired']),
      certificate_policy: z.enum(['registered_only', 'identity_only']),
      certificates: z.int().describe('Active ones whose path ends here.'),
      other_anchors: z.int().describe('Further active anchors of the client.'),
    })
    .meta({ id: 'Dependent' }),
).meta({ id: 'DependentPage' });

const anchorId = identifierInput('anc');

export const clientAnchor = z.strictObject({ trust_anchor_id: anchorId }).meta({ id: 'NewClientAnchor' });

export type ClientAnchor = z.infer<typeof clientAnchor>;

export const clientAnchors = z
  .strictObject({ trust_anchor_ids: z.array(anchorId).max(MOST_ANCHORS) })
  .meta({ id: 'ClientAnchorIds' });

export type ClientAnchors = z.infer<typeof clientAnchors>;

/** `version` is the client's: its anchors are a part of it. */
export const clientAnchorsOutput = z
  .object({
    client_id: identifierOutput('cli'),
    version: z.int(),
    items: z.array(trustAnchorOutput),
  })
  .meta({ id: 'ClientAnchors' });

export const changedAnchorsOutput = clientAnchorsOutput
  .extend({
    paths: z
      .array(
        z.object({
          certificate_id: identifierOutput('crt'),
          thumbprint: z.string(),
          valid: z.boolean().nullable().describe('null: there is no anchor to judge against'),
          valid_until: instantOutput.nullable(),
        }),
      )
      .describe('How the client’s certificates were judged anew. One that is not valid is refused from now on.'),
  })
  .meta({ id: 'ChangedAnchors' });
