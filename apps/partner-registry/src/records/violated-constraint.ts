import { QueryFailedError } from 'typeorm';

/**
 * The name of the constraint or unique index that refused a statement; undefined for any other failure. What two
 * transactions may do at the same moment is decided there, not by a look beforehand.
 */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  const { code, constraint } = error.driverError as { code?: unknown; constraint?: unknown };
  const isViolation = code === '23505' || code === '23503';
  return isViolation && typeof constraint === 'string' ? constraint : undefined;
}
