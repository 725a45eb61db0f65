import { z } from 'zod';
import { pageOutput } from '../conventions/page.js';
import { audience, instantInput, instantOutput, rowOutput } from '../conventions/fields.schema.js';
import { identifierOutput } from '../identifiers/identifier.js';
import { scopeName } from '../resource-servers/resource-server.schema.js';

export const newGrants = z.strictObject({
  audience,
  scopes: z.array(scopeName).min(1).max(200),
  valid_until: instantInput.optional(),
});

export type NewGrants = z.infer<typeof newGrants>;

export const newGrantsExamples = {
  both: {
    summary: 'Two scopes, without end',
    value: { audience: 'https://localhost:9445', scopes: ['shipments:read', 'shipments:write'] },
  },
  limited: {
    summary: 'One scope, for a while; an instant in the past ends it',
    value: { audience: 'https://localhost:9445', scopes: ['shipments:read'], valid_until: '2030-12-31T23:59:59Z' },
  },
};

export const grantOutput = z.object({
  id: identifierOutput('grt'),
  client_id: identifierOutput('cli'),
  audience: z.string(),
  scope: z.string(),
  status: z.enum(['active', 'revoked']),
  valid_until: instantOutput.nullable(),
  ...rowOutput,
});

export const grantsOutput = z.object({ items: z.array(grantOutput) });

export const grantPageOutput = pageOutput(grantOutput);
