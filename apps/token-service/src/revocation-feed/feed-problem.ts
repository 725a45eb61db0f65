import { Problem } from '@partner-ecosystem/platform/problem';
import { SigningKeysError } from '../signing-keys/signing-keys-error.js';
import { RevocationFeedError } from './revocation-feed-error.js';

const RETRY_AFTER_SECONDS = '1';

/** 503 for what keeps the feed from being signed; anything else as it is. */
export function feedProblem(error: unknown): unknown {
  if (!(error instanceof RevocationFeedError || error instanceof SigningKeysError)) return error;
  return new Problem({
    status: 503,
    code: 'unavailable',
    detail: 'What is revoked cannot be said right now. Try again shortly.',
    headers: { 'retry-after': RETRY_AFTER_SECONDS },
    cause: error,
  });
}
