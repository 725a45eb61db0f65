import { z } from 'zod';
import { pageOutput } from '../conventions/page.js';
import { rowOutput, text } from '../conventions/fields.schema.js';
import { identifierOutput } from '../identifiers/identifier.js';

export const newPartner = z.strictObject({
  slug: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, {
    error: 'expected 1 to 63 of a-z, 0-9 and -, not beginning or ending with -',
  }),
  legal_name: text(200),
  display_name: text(200).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, { error: 'expected an ISO 3166-1 alpha-2 code' })
    .optional(),
});

export type NewPartner = z.infer<typeof newPartner>;

export const newPartnerExamples = {
  carrier: {
    summary: 'A carrier',
    value: { slug: 'acme-logistics', legal_name: 'Acme Logistics GmbH', display_name: 'Acme', country: 'DE' },
  },
};

export const partnerOutput = z.object({
  id: identifierOutput('ptn'),
  slug: z.string(),
  legal_name: z.string(),
  display_name: z.string().nullable(),
  country: z.string().nullable(),
  status: z.enum(['pending', 'active', 'suspended', 'offboarded']),
  status_reason: z.string().nullable(),
  ...rowOutput,
});

export const partnerPageOutput = pageOutput(partnerOutput);
