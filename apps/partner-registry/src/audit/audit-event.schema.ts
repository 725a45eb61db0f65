import { z } from 'zod';
import { text } from '../http/fields.schema.js';
import { pageOutput } from '../http/page.js';
import { sequenceOutput } from '../http/sequence.schema.js';
import { auditPageParameters } from './audit-cursor.js';

// as in every other text: Postgres has no NUL, not even to look for
const name = text(200);

export const auditEventQuery = z.strictObject({
  ...auditPageParameters,
  action: name.describe('What was done: `client.suspended`.').optional(),
  actor: name.describe('Who did it: `cli_…`, `command:bootstrap`, or `job:retire-certificates`.').optional(),
  target: name
    .describe('To whom or what: any identifier. Of a partner: what concerned its clients and trust anchors, too.')
    .optional(),
  request_id: name.describe('In which request: `req_…`.').optional(),
});
export type AuditEventQuery = z.infer<typeof auditEventQuery>;

const members = z.record(z.string(), z.unknown()).nullable();

export const auditEventOutput = z
  .object({
    seq: sequenceOutput,
    previous_hash: z.string(),
    occurred_at: z.string().meta({ format: 'date-time' }),
    actor: z.object({ client_id: z.string(), certificate: z.string().nullable() }),
    action: z.string(),
    targets: z.array(z.string()),
    before: members,
    after: members,
    reason: z.string().nullable(),
    request_id: z.string(),
    // of everything above as RFC 8785 text
    hash: z.string(),
  })
  .meta({ id: 'AuditEvent' });
export type AuditEvent = z.infer<typeof auditEventOutput>;

export const auditEventPageOutput = pageOutput(auditEventOutput).meta({ id: 'AuditEventPage' });

export const auditEventPageExamples = {
  suspension: {
    summary: 'A client was suspended',
    value: {
      items: [
        {
          seq: 42,
          previous_hash: '9c1f0d6c5b0a4c6f8e3b2a1d7f6e5c4b3a29181706f5e4d3c2b1a09f8e7d6c5b',
          occurred_at: '2026-03-02T09:14:07.512Z',
          actor: {
            client_id: 'cli_019c2f4e7a1b7c3d8e4f5a6b7c8d9e0f',
            certificate: 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2',
          },
          action: 'client.suspended',
          targets: ['cli_019c2f5a11227b448c66d1e2f3a4b5c6'],
          before: {
            status: 'active',
            status_reason: 'Tests passed',
            updated_at: '2026-03-01T10:00:00.000Z',
            version: 3,
          },
          after: {
            status: 'suspended',
            status_reason: 'Unusual traffic',
            updated_at: '2026-03-02T09:14:07.514Z',
            version: 4,
          },
          reason: 'Unusual traffic',
          request_id: 'req_5f0c7d1be2a34c5f9a8b7c6d5e4f3a2b',
          hash: '1b4f0e9851971998e732078544c96b36c3d01cedf7caa332359d6f1d83567014',
        },
      ],
      next_cursor: null,
    },
  },
};
