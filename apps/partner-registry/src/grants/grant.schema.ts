import { z } from 'zod';
import type { Examples } from '@partner-ecosystem/platform/openapi';
import { exampleAs } from '../http/examples.js';
import { audience, instantInput, instantOutput, rowOutput } from '../http/fields.schema.js';
import { pageOutput, pageParameters } from '../http/page.js';
import { identifierInput, identifierOutput } from '../identifiers/identifier.js';
import { targetWarningsOutput } from '../clients/client.schema.js';
import { scopeName } from '../resource-servers/resource-server.schema.js';
import { GRANT_STATUSES, type GrantStatus } from '../records/grant-status.js';

export const newGrants = z
  .strictObject({
    audience,
    scopes: z.array(scopeName).min(1).max(200),
    valid_until: instantInput.optional(),
    set_default_resource: z
      .boolean()
      .describe(
        'Whether the audience becomes the client’s `default_resource`. Default: only where it has none, and this audience is the only one with a grant in force.',
      )
      .optional(),
  })
  .meta({ id: 'NewGrants' });

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

const status = z.enum(GRANT_STATUSES);

export const grantQuery = z.strictObject({
  ...pageParameters,
  client_id: identifierInput('cli').optional(),
  status: status.optional(),
  audience: audience.optional(),
});

export type GrantQuery = z.infer<typeof grantQuery>;

export const grantOutput = z
  .object({
    id: identifierOutput('grt'),
    client_id: identifierOutput('cli'),
    audience: z.string(),
    scope: z.string(),
    status,
    status_reason: z.string().nullable(),
    requested_by: z.string().nullable().describe('The client of whoever asked for it.'),
    decided_by: z.string().nullable().describe('The client of whoever approved or rejected it.'),
    valid_until: instantOutput.nullable(),
    ...rowOutput,
  })
  .meta({ id: 'Grant' });

export const grantsOutput = z.object({ items: z.array(grantOutput) });

const target = {
  default_resource: z.string().nullable().describe('Of the client, as it is now.'),
  warnings: targetWarningsOutput,
};

export const newGrantsOutput = grantsOutput.extend(target).meta({ id: 'GrantedScopes' });

export const decidedGrantOutput = grantOutput.extend(target).meta({ id: 'DecidedGrant' });

export const grantPageOutput = pageOutput(grantOutput).meta({ id: 'GrantPage' });

export const grantExamples = {
  active: {
    summary: 'A grant that was approved',
    value: {
      id: 'grt_0198c2fe11c5748d9b3a6f0e2d7c8514',
      client_id: 'cli_0198c2f7d0e47b5a91c26f8e3d1a4b70',
      audience: 'https://localhost:9445',
      scope: 'shipments:write',
      status: 'active',
      status_reason: 'Agreed with the shipments team',
      requested_by: 'cli_0198b7a4c2d17f60a3e59d8b1c4f7a26',
      decided_by: 'cli_0198b7a9f3e87c14b6d20a5e8f9c3b71',
      valid_until: null,
      version: 2,
      created_at: '2026-03-02T09:44:31.507Z',
      updated_at: '2026-03-02T11:02:18.660Z',
    },
  },
};

const { active } = grantExamples;

export const newGrantsAnswers = {
  first: {
    summary: 'The first grant',
    value: { items: [active.value], default_resource: active.value.audience, warnings: [] },
  },
  second: {
    summary: 'A grant for a second API, where there is no default',
    value: {
      items: [{ ...active.value, audience: 'https://customs.example', scope: 'declarations:read' }],
      default_resource: null,
      warnings: [
        {
          code: 'resource_needed',
          detail:
            'A token request that names no resource got a token for https://localhost:9445 and is now refused with invalid_target. Set default_resource, or have the client name its resource.',
        },
      ],
    },
  },
};

/** The answer to a decision. */
export function decidedGrantExamples(status: GrantStatus): Examples {
  const { audience } = active.value;
  return exampleAs('A grant that was decided', grantExamples, { status, default_resource: audience, warnings: [] });
}
