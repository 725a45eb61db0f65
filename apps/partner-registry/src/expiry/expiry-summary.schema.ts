import { z } from 'zod';
import { environment } from '../http/fields.schema.js';
import { identifierInput } from '../identifiers/identifier.js';

export const expirySummaryQuery = z.strictObject({
  partner_id: identifierInput('ptn').optional(),
  environment: environment.optional(),
});

export type ExpirySummaryQuery = z.infer<typeof expirySummaryQuery>;

const counted = {
  certificates: z.int(),
  successor_seen: z.int().describe('Those of them whose successor has authenticated already.'),
};

export const expirySummaryOutput = z
  .object({
    items: z.array(
      z.object({
        environment,
        expired: z.object(counted).describe('Within the last 30 days, superseded ones included.'),
        within: z
          .array(z.object({ days: z.int(), ...counted }))
          .describe('Active ones; each number has the ones before.'),
      }),
    ),
    complete: z
      .boolean()
      .describe('false: the nearest 100,000 were counted; the numbers of the farther days are at least these.'),
  })
  .meta({ id: 'ExpirySummary' });

export type ExpirySummary = z.infer<typeof expirySummaryOutput>;
