import { z } from 'zod';

export interface ConvertedSchema {
  schema: Record<string, unknown>;
  components: Record<string, unknown>;
}

/**
 * A zod schema as JSON Schema 2020-12, which is what OpenAPI 3.1 holds; `input` is what callers send, `output` what
 * they receive. Swagger's own converter writes the dialect of OpenAPI 3.0, which is invalid in 3.1.
 * Returns undefined for anything that is no zod schema.
 */
export function convertSchema(
  schema: unknown,
  { schemaType }: { schemaType: 'input' | 'output' },
): ConvertedSchema | undefined {
  if (!(schema instanceof z.core.$ZodType)) return undefined;
  const json = z.toJSONSchema(schema, { target: 'draft-2020-12', io: schemaType, unrepresentable: 'any' });
  const members = Object.entries(json).filter(([name]) => !['$schema', '$defs', '~standard'].includes(name));
  return { schema: Object.fromEntries(members), components: json.$defs ?? {} };
}
