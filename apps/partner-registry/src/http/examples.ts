import type { Examples } from '@partner-ecosystem/platform/openapi';

/** A page that holds the examples of its items. */
export function pageExamples(items: Examples): Examples {
  const values = Object.values(items).map(({ value }) => value);
  return { last: { summary: 'The last page', value: { items: values, next_cursor: null } } };
}

/** The first example as it is in another situation. */
export function exampleAs(summary: string, examples: Examples, changes: object): Examples {
  const [first] = Object.values(examples);
  return { answer: { summary, value: { ...(first?.value as object), ...changes } } };
}
