import { RefusedError, type RefusalCheck } from './errors.js';

export function invalidToken(check: RefusalCheck, message: string, cause?: unknown): RefusedError {
  return new RefusedError('invalid_token', check, message, cause === undefined ? undefined : { cause });
}
