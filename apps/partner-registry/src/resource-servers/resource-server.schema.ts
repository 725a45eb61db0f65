import { z } from 'zod';
import { pageOutput } from '../conventions/page.js';
import { audience, environment, rowOutput, text } from '../conventions/fields.schema.js';
import { identifierOutput } from '../identifiers/identifier.js';

/** RFC 6749 section 3.3 */
export const scopeName = z
  .string()
  .max(100)
  .regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, { error: 'expected a scope name: printable ASCII without space, " and \\' });

export const newResourceServer = z.strictObject({
  audience,
  name: text(200),
  environment,
  scopes: z
    .array(z.strictObject({ name: scopeName, description: text(500) }))
    .max(200)
    .refine((scopes) => new Set(scopes.map(({ name }) => name)).size === scopes.length, {
      error: 'expected each scope once',
    }),
});

export type NewResourceServer = z.infer<typeof newResourceServer>;

export const newResourceServerExamples = {
  shipments: {
    summary: 'An API with two scopes',
    value: {
      audience: 'https://shipments.example',
      name: 'Shipments',
      environment: 'production',
      scopes: [
        { name: 'shipments:read', description: 'See one’s own shipments.' },
        { name: 'shipments:write', description: 'Book shipments.' },
      ],
    },
  },
};

export const resourceServerOutput = z.object({
  id: identifierOutput('rsv'),
  audience: z.string(),
  name: z.string(),
  environment,
  scopes: z.array(z.object({ name: z.string(), description: z.string() })),
  ...rowOutput,
});

export const resourceServerPageOutput = pageOutput(resourceServerOutput);
