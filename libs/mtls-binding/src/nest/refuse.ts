import type { ExecutionContext } from '@nestjs/common';
import { challengeFor } from '../protocol/challenge.js';
import type { RefusedError } from '../protocol/errors.js';
import { RefusedException } from './refused.exception.js';
import { serverResponseOf } from './request.js';

/** Seconds after which a caller may try again when the issuer's keys or its revocations could not be had. // R9 */
const RETRY_AFTER_SECONDS = 5;

/**
 * Sets the challenge and returns what to throw. It is set on Node's response, so that it arrives whatever exception filter
 * the API has, one that passes the framework by included.
 */
export function refuse(
  context: ExecutionContext,
  refusal: RefusedError,
  resourceMetadataUrl: string | undefined,
): RefusedException {
  const response = serverResponseOf(context);
  const challenge = challengeFor(refusal, resourceMetadataUrl);
  if (challenge) response.setHeader('WWW-Authenticate', challenge);
  if (refusal.code === 'unavailable') response.setHeader('Retry-After', String(RETRY_AFTER_SECONDS));
  return new RefusedException(refusal);
}
