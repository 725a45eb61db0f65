import fc from 'fast-check';
import type { JsonSchema } from './api-document.js';

/** Identifiers of things that exist, by prefix, and other values that name something: pattern or format alone cannot. */
export interface KnownValues {
  identifiers: Record<string, string[]>;
  /** by member name */
  members: Record<string, unknown[]>;
}

const DEEPEST = 5;

/** Values the schema allows, as far as it can be followed; what exists already is preferred where something is named. */
export function validValues(schema: JsonSchema, known: KnownValues, depth = 0): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => validValues(choice, known, depth + 1)));
  const types = [schema.type ?? 'object'].flat();
  return fc.oneof(...types.map((type) => valuesOfType(type, schema, known, depth)));
}

function valuesOfType(type: string, schema: JsonSchema, known: KnownValues, depth: number): fc.Arbitrary<unknown> {
  if (type === 'string') return strings(schema, known);
  if (type === 'integer' || type === 'number') {
    return fc.integer({ min: Math.max(schema.minimum ?? 0, -1e9), max: Math.min(schema.maximum ?? 1e9, 1e9) });
  }
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (depth >= DEEPEST) return fc.constant(type === 'array' ? [] : {});
  if (type === 'array') {
    const items = validValues(schema.items ?? {}, known, depth + 1);
    return fc.array(items, { minLength: schema.minItems ?? 0, maxLength: Math.min(schema.maxItems ?? 3, 3) });
  }
  return objects(schema, known, depth);
}

function objects(schema: JsonSchema, known: KnownValues, depth: number): fc.Arbitrary<object> {
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const generated = validValues(member, known, depth + 1);
    const existing = known.members[name];
    return [name, existing ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...existing) }, generated) : generated];
  });
  const requiredKeys = schema.required ?? [];
  return fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<unknown>>, { requiredKeys });
}

function strings(schema: JsonSchema, known: KnownValues): fc.Arbitrary<string> {
  const { pattern, format, minLength = 0, maxLength = 60, examples } = schema;
  if (examples?.length) return fc.constantFrom(...examples.map(String));
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (pattern === undefined) return fc.string({ minLength, maxLength: Math.min(maxLength, 60) });
  const existing = known.identifiers[/^\^([a-z]{3})_/.exec(pattern)?.[1] ?? ''];
  const generated = matching(pattern).filter(
    (text) => text.length >= minLength && text.length <= (schema.maxLength ?? 500),
  );
  return existing?.length ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...existing) }, generated) : generated;
}

function matching(pattern: string): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'));
  } catch {
    // a pattern fast-check cannot turn around, such as one with \\p{…}: then only nearly valid
    return fc.string({ minLength: 1 });
  }
}
