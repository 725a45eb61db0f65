import { z } from 'zod';
import { ConfigurationError } from './configuration-error.js';
import { valuesFromFiles } from './values-from-files.js';

/**
 * Parses the environment once, by one schema, into a frozen value. Variables the schema does not name are ignored; a
 * variable set to the empty string counts as not set, because that is how compose files pass one on. Instead of any
 * variable NAME there may be NAME_FILE, the path of a file with its value.
 * Throws ConfigurationError with every fault at once.
 * Does not check: that hosts can be resolved, that ports are free.
 */
export function readConfig<T>(schema: z.ZodType<T>, env: NodeJS.ProcessEnv): T {
  const set = Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const { values, faults } = valuesFromFiles(namesIn(schema), Object.fromEntries(set));
  const result = schema.safeParse(values);
  const issues = result.success ? [] : result.error.issues.filter(({ path: [name] }) => !faults.has(String(name)));
  const all = [...faults.values(), ...issues.map((issue) => faultOf(issue, values))];
  if (!result.success || all.length > 0) throw new ConfigurationError(all);
  return deepFreeze(result.data);
}

function namesIn(schema: z.ZodType): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape as object) : [];
}

function faultOf(issue: z.core.$ZodIssue, given: Record<string, string | undefined>): string {
  const [variable] = issue.path;
  if (variable === undefined) return issue.message;
  const value = given[String(variable)];
  if (value === undefined) return `${String(variable)} is not set: ${issue.message}`;
  // A message made by somebody else's schema may quote what it was given, and that may be a password.
  return `${String(variable)} is not valid: ${issue.message.replaceAll(value, '…')}`;
}

function deepFreeze<T>(value: T): T {
  const plain = Array.isArray(value) || (typeof value === 'object' && value?.constructor === Object);
  if (!plain || Object.isFrozen(value)) return value;
  Object.values(value as object).forEach(deepFreeze);
  return Object.freeze(value);
}
