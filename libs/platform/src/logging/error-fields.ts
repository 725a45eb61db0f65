/** What is logged of an error: chosen fields only, because drivers put queries and parameters on their errors. */
export interface ErrorFields {
  type: string;
  code?: string;
  check?: string;
  message: string;
  stack?: string;
  cause?: ErrorFields;
}

const DEEPEST_CAUSE = 8;

/** The loggable form of anything thrown, with its chain of causes. */
export function errorFields(error: unknown, options: { stack: boolean }): ErrorFields {
  return fieldsAt(error, options.stack, 0);
}

function fieldsAt(error: unknown, withStack: boolean, depth: number): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: describeThrown(error) };
  const { code, check } = error as Error & { code?: unknown; check?: unknown };
  const fields: ErrorFields = { type: error.constructor.name, message: error.message };
  if (typeof code === 'string' || typeof code === 'number') fields.code = String(code);
  if (typeof check === 'string') fields.check = check;
  if (withStack && error.stack) fields.stack = error.stack;
  if (error.cause !== undefined && depth < DEEPEST_CAUSE) fields.cause = fieldsAt(error.cause, withStack, depth + 1);
  return fields;
}

function describeThrown(value: unknown): string {
  if (typeof value === 'string') return value;
  return `thrown value is no Error: ${Object.prototype.toString.call(value)}`;
}
