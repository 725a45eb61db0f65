import { z } from 'zod';

export interface ConvertedSchema {
  schema: Record<string, unknown>;
  components: Record<string, unknown>;
}

const COMPONENT = '#/components/schemas/';
const documented = new WeakMap<z.core.$ZodType, object>();

/**
 * Says in the document what a text in a query or a header stands for: `asDocumented(limit, { type: 'integer' })`. What is
 * validated stays as it is.
 * @returns the same schema
 */
export function asDocumented<Schema extends z.ZodType>(schema: Schema, json: object): Schema {
  documented.set(schema, json);
  return schema;
}

/**
 * A zod schema as JSON Schema 2020-12, which is what OpenAPI 3.1 holds; `input` is what callers send, `output` what
 * they receive. Swagger's own converter writes the dialect of OpenAPI 3.0, which is invalid in 3.1.
 * A schema with an id (`.meta({ id: 'Client' })`) is a component of that name wherever it stands, and a reference here.
 * Returns undefined for anything that is no zod schema.
 */
export function convertSchema(
  schema: unknown,
  { schemaType }: { schemaType: 'input' | 'output' },
): ConvertedSchema | undefined {
  if (!(schema instanceof z.core.$ZodType)) return undefined;
  const json = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: schemaType,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // zod's word for "an integer that a double holds"
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      const stands = documented.get(zodSchema);
      if (stands === undefined) return;
      const { description } = jsonSchema;
      for (const name of Object.keys(jsonSchema)) delete jsonSchema[name];
      Object.assign(jsonSchema, { ...(description === undefined ? {} : { description }), ...stands });
    },
  });
  const { $defs: definitions = {}, ...root } = withComponentReferences(json);
  const components = Object.fromEntries(Object.entries(definitions).map(([name, one]) => [name, membersOf(one)]));
  return { schema: membersOf(root), components };
}

function membersOf(json: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(json).filter(([name]) => !['$schema', 'id', '~standard'].includes(name)));
}

function withComponentReferences<Json extends object>(json: Json): Json {
  return JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', `"${COMPONENT}`)) as Json;
}
