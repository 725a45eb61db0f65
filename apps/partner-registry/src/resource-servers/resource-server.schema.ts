import { z } from 'zod';
import { audience, environment, rowOutput, text } from '../http/fields.schema.js';
import { pageOutput, pageParameters } from '../http/page.js';
import { identifierInput, identifierOutput } from '../identifiers/identifier.js';
import { SIGNING_ALGORITHMS } from '../records/resource-server.entity.js';

/** RFC 6749 section 3.3 */
export const scopeName = z
  .string()
  .max(100)
  .regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, { error: 'expected a scope name: printable ASCII without space, " and \\' });

const sensitivity = z.enum(['normal', 'sensitive']);
const signingAlgorithm = z.enum(SIGNING_ALGORITHMS);

export const newScope = z
  .strictObject({
    name: scopeName,
    description: text(500),
    sensitivity: sensitivity.optional(),
    needs_approval: z.boolean().describe('Default: whether it is sensitive.').optional(),
  })
  .meta({ id: 'NewScope' });

export type NewScope = z.infer<typeof newScope>;

/** The name stays: grants and tokens carry it. */
export const scopePatch = newScope.omit({ name: true }).partial().meta({ id: 'ScopePatch' });

export type ScopePatch = z.infer<typeof scopePatch>;

export const newResourceServer = z
  .strictObject({
    audience,
    name: text(200),
    environment,
    signing_alg: signingAlgorithm.optional(),
    scopes: z
      .array(newScope)
      .max(200)
      .refine((scopes) => new Set(scopes.map(({ name }) => name)).size === scopes.length, {
        error: 'expected each scope once',
      }),
  })
  .meta({ id: 'NewResourceServer' });

export type NewResourceServer = z.infer<typeof newResourceServer>;

/** Audience and environment stay: what was granted for them means them. */
export const resourceServerPatch = z
  .strictObject({
    name: text(200).optional(),
    signing_alg: signingAlgorithm.optional(),
  })
  .meta({ id: 'ResourceServerPatch' });

export type ResourceServerPatch = z.infer<typeof resourceServerPatch>;

export const newServerClient = z
  .strictObject({
    client_id: identifierInput('cli'),
    may_introspect: z.boolean().optional(),
    may_follow_revocations: z.boolean().optional(),
  })
  .refine((link) => link.may_introspect === true || link.may_follow_revocations === true, {
    error: 'expected may_introspect or may_follow_revocations to be true',
    path: ['may_introspect'],
  })
  .meta({ id: 'NewServerClient' });

export type NewServerClient = z.infer<typeof newServerClient>;

export const resourceServerQuery = z.strictObject({
  ...pageParameters,
  audience: audience.optional(),
  environment: environment.optional(),
});

export type ResourceServerQuery = z.infer<typeof resourceServerQuery>;

export const scopeOutput = z
  .object({
    id: identifierOutput('scp'),
    resource_server_id: identifierOutput('rsv'),
    name: z.string(),
    description: z.string(),
    sensitivity,
    needs_approval: z.boolean(),
    ...rowOutput,
  })
  .meta({ id: 'Scope' });

export const resourceServerOutput = z
  .object({
    id: identifierOutput('rsv'),
    audience: z.string(),
    name: z.string(),
    environment,
    signing_alg: signingAlgorithm,
    scopes: z.array(
      z.object({
        id: identifierOutput('scp'),
        name: z.string(),
        description: z.string(),
        sensitivity,
        needs_approval: z.boolean(),
      }),
    ),
    ...rowOutput,
  })
  .meta({ id: 'ResourceServer' });

export const resourceServerPageOutput = pageOutput(resourceServerOutput).meta({ id: 'ResourceServerPage' });

export const serverClientOutput = z
  .object({
    resource_server_id: identifierOutput('rsv'),
    client_id: identifierOutput('cli'),
    environment,
    may_introspect: z.boolean(),
    may_follow_revocations: z.boolean(),
    ...rowOutput,
  })
  .meta({ id: 'ServerClient' });

export const serverClientsOutput = z.object({ items: z.array(serverClientOutput) }).meta({ id: 'ServerClients' });
