import { z } from 'zod';
import { instantOutput } from '../http/fields.schema.js';
import { pageParameters } from '../http/page.js';
import { sequenceInput, sequenceOutput } from '../http/sequence.schema.js';

export const changeQuery = z.strictObject({
  after: sequenceInput.optional().describe('`next_after` of the answer before; without it from the first change on.'),
  limit: pageParameters.limit,
});
export type ChangeQuery = z.infer<typeof changeQuery>;

export const changesOutput = z
  .object({
    items: z.array(
      z
        .object({
          seq: sequenceOutput,
          type: z.string(),
          data: z.record(z.string(), z.unknown()),
          created_at: instantOutput,
        })
        .meta({ id: 'Change' }),
    ),
    // always there: a reader goes on asking from it
    next_after: z.int().min(0),
  })
  .meta({ id: 'Changes' });

export const changesExamples = {
  suspension: {
    summary: 'A client was suspended',
    value: {
      items: [
        {
          seq: 17,
          type: 'client.suspended',
          data: {
            id: 'cli_019c2f5a11227b448c66d1e2f3a4b5c6',
            client_name: 'Acme shipment importer',
            status: 'suspended',
            status_reason: 'Unusual traffic',
            version: 4,
          },
          created_at: '2026-03-02T09:14:07.512Z',
        },
      ],
      next_after: 17,
    },
  },
};
