import type { ExecutionContext } from '@nestjs/common';
import { challengeFor } from '../protocol/challenge.js';
import type { RefusedError } from '../protocol/errors.js';
import { RefusedException } from './refused.exception.js';

/** Seconds after which a caller may try again when the issuer's keys could not be had. // R9 */
const RETRY_AFTER_SECONDS = 5;

interface HeaderSetter {
  header(name: string, value: string): unknown;
}

/** Sets the challenge on the response itself, so that it arrives whatever exception filter the API has, and returns what to throw. */
export function refuse(
  context: ExecutionContext,
  refusal: RefusedError,
  resourceMetadataUrl: string | undefined,
): RefusedException {
  const response = context.switchToHttp().getResponse<HeaderSetter>();
  const challenge = challengeFor(refusal, resourceMetadataUrl);
  if (challenge) response.header('WWW-Authenticate', challenge);
  if (refusal.code === 'unavailable') response.header('Retry-After', String(RETRY_AFTER_SECONDS));
  return new RefusedException(refusal);
}
