import type { z } from 'zod';
import { ConfigurationError } from './configuration-error.js';

/**
 * Parses the environment once, by one schema, into a frozen value. Variables the schema does not name are ignored; a
 * variable set to the empty string counts as not set, because that is how compose files pass one on.
 * Throws ConfigurationError with every fault at once.
 * Does not check: that hosts can be resolved, that ports are free.
 */
export function readConfig<T>(schema: z.ZodType<T>, env: NodeJS.ProcessEnv): T {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(given);
  if (!result.success) throw new ConfigurationError(result.error.issues.map((issue) => faultOf(issue, given)));
  return deepFreeze(result.data);
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
