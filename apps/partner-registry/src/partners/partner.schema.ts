import { z } from 'zod';
import { pageOutput, pageParameters } from '../http/page.js';
import { rowOutput, text } from '../http/fields.schema.js';
import { jsonObject } from '../http/json-object.schema.js';
import { identifierOutput } from '../identifiers/identifier.js';

const MOST_LABELS = 32;
const LARGEST_METADATA = 8192;

const slug = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, {
  error: 'expected 1 to 63 of a-z, 0-9 and -, not beginning or ending with -',
});
const country = z.string().regex(/^[A-Z]{2}$/, { error: 'expected an ISO 3166-1 alpha-2 code' });
const labelName = z.string().regex(/^[a-z0-9](?:[a-z0-9._/-]{0,61}[a-z0-9])?$/, {
  error: 'expected a name of 1 to 63 of a-z, 0-9 and . _ / -',
});

/** What a partner may carry once a patch was merged into it. */
export const labels = z
  .record(labelName, text(100))
  .refine((all) => Object.keys(all).length <= MOST_LABELS, { error: `expected at most ${MOST_LABELS} labels` });
export const metadata = jsonObject(LARGEST_METADATA);

const description = {
  display_name: text(200),
  country,
  registration_number: text(100),
  external_ref: text(100),
};

export const newPartner = z
  .strictObject({
    slug,
    legal_name: text(200),
    ...z.object(description).partial().shape,
    labels: labels.optional(),
    metadata: metadata.optional(),
  })
  .meta({ id: 'NewPartner' });

export type NewPartner = z.infer<typeof newPartner>;

/** RFC 7396: null takes away what may be absent; `labels` and `metadata` are merged member by member. */
export const partnerPatch = z
  .strictObject({
    legal_name: text(200).optional(),
    display_name: description.display_name.nullish(),
    country: description.country.nullish(),
    registration_number: description.registration_number.nullish(),
    external_ref: description.external_ref.nullish(),
    labels: z.record(labelName, text(100).nullable()).nullish(),
    metadata: jsonObject(LARGEST_METADATA).nullish(),
  })
  .meta({ id: 'PartnerPatch' });

export type PartnerPatch = z.infer<typeof partnerPatch>;

export const newPartnerExamples = {
  carrier: {
    summary: 'A carrier',
    value: { slug: 'acme-logistics', legal_name: 'Acme Logistics GmbH', display_name: 'Acme', country: 'DE' },
  },
  described: {
    summary: 'With everything that other systems know of it',
    value: {
      slug: 'globex',
      legal_name: 'Globex Corporation',
      country: 'NL',
      registration_number: 'KVK 34179503',
      external_ref: 'crm-20931',
      labels: { tier: 'gold', region: 'benelux' },
      metadata: { contract: { number: '2026-118', ends: '2028-12-31' } },
    },
  },
};

export const partnerPatchExamples = {
  rename: {
    summary: 'A new name; one label goes, another one comes',
    value: { legal_name: 'Acme Logistics SE', labels: { tier: null, region: 'dach' } },
  },
  forget: { summary: 'Take the external reference away', value: { external_ref: null } },
};

const status = z.enum(['pending', 'active', 'suspended', 'offboarded']);

export const partnerQuery = z.strictObject({
  ...pageParameters,
  status: status.optional(),
  slug: slug.optional(),
  external_ref: text(100).optional(),
});

export type PartnerQuery = z.infer<typeof partnerQuery>;

export const partnerOutput = z
  .object({
    id: identifierOutput('ptn'),
    slug: z.string(),
    legal_name: z.string(),
    display_name: z.string().nullable(),
    country: z.string().nullable(),
    registration_number: z.string().nullable(),
    external_ref: z.string().nullable(),
    labels: z.record(z.string(), z.string()),
    metadata: z.looseObject({}).describe('The operator’s own; never people’s data, for which there are contacts.'),
    status,
    status_reason: z.string().nullable(),
    ...rowOutput,
  })
  .meta({ id: 'Partner' });

export const partnerPageOutput = pageOutput(partnerOutput).meta({ id: 'PartnerPage' });

export const partnerExamples = {
  acme: {
    summary: 'An active partner',
    value: {
      id: 'ptn_0198c2f011117222833301234567890a',
      slug: 'acme-logistics',
      legal_name: 'Acme Logistics GmbH',
      display_name: 'Acme',
      country: 'DE',
      registration_number: 'HRB 86891',
      external_ref: 'crm-18442',
      labels: { tier: 'gold' },
      metadata: {},
      status: 'active',
      status_reason: 'Contract signed',
      version: 2,
      created_at: '2026-03-02T09:14:07.120Z',
      updated_at: '2026-03-04T15:40:51.803Z',
    },
  },
};
