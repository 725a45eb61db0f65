import { RefusedException, RefusedError } from '@partner-ecosystem/mtls-binding';
import { whyDatabaseUnavailable } from '@partner-ecosystem/platform/database';
import { problemFrom } from '@partner-ecosystem/platform/problem';
import { LimitExceededError } from '@partner-ecosystem/platform/limits';
import { ORIGIN_NOT_ALLOWED } from '@partner-ecosystem/platform/serve';
import { RevocationFeedError } from '../revocation-feed/revocation-feed-error.js';
import { SigningKeysError } from '../signing-keys/signing-keys-error.js';
import {
  invalidClient,
  OAuthError,
  temporarilyUnavailable,
  tooManyRequests,
  type OAuthErrorCode,
} from '../oauth-error/oauth-error.js';

/** RFC 6749, 7009 and 7662 know no other. // A30 */
export const FORMS_ONLY = 'Send the parameters as application/x-www-form-urlencoded.';

/** What to answer at an OAuth endpoint: RFC 6749's error, and the status, which for 413 and 415 is HTTP's own. // A30 */
export interface OAuthAnswer {
  readonly status: number;
  readonly error: OAuthError;
}

/** Anything thrown while an OAuth endpoint was served, as RFC 6749 says it. Never 500 for what the caller did. */
export function oauthErrorFrom(thrown: unknown): OAuthAnswer {
  if (thrown instanceof OAuthError) return { status: thrown.status, error: thrown };
  if (thrown instanceof LimitExceededError) return fromLimit(thrown);
  if (thrown instanceof RefusedException && thrown.cause instanceof RefusedError) return fromGuard(thrown.cause);
  if (thrown instanceof RevocationFeedError) return ours('temporarily_unavailable', thrown.code, thrown);
  if (thrown instanceof SigningKeysError) return ours('temporarily_unavailable', thrown.code, thrown);
  if (whyDatabaseUnavailable(thrown)) return ours('temporarily_unavailable', 'database_unavailable', thrown);
  const { status, code, detail } = problemFrom(thrown);
  if (status >= 500 && status !== 501) return ours('server_error', 'internal_error', thrown);
  const description = code === 'unsupported_media_type' ? FORMS_ONLY : detail;
  const check = code === ORIGIN_NOT_ALLOWED ? code : 'request_malformed'; // A35
  const error = new OAuthError('invalid_request', check, detail, { description, cause: thrown });
  return { status, error };
}

function fromLimit({ code, message, retryAfterSeconds }: LimitExceededError): OAuthAnswer {
  const error =
    retryAfterSeconds === undefined
      ? temporarilyUnavailable(code, message)
      : tooManyRequests(code, message, retryAfterSeconds);
  return { status: error.status, error };
}

function fromGuard(refusal: RefusedError): OAuthAnswer {
  if (refusal.code === 'invalid_request') {
    const { check, message, publicText: description } = refusal;
    const error = new OAuthError('invalid_request', check, message, { description, cause: refusal });
    return { status: error.status, error };
  }
  // About its own certificate a caller may be told everything.
  const description = 'The connection presented no client certificate. Present the one registered for this client.';
  const error =
    refusal.check === 'certificate_missing'
      ? new OAuthError('invalid_client', refusal.check, refusal.message, { description, cause: refusal })
      : invalidClient(refusal.check, refusal.message, { cause: refusal });
  return { status: error.status, error };
}

function ours(code: OAuthErrorCode, check: string, cause: unknown): OAuthAnswer {
  const description =
    'The token service cannot answer right now. Try again shortly, and quote the request_id when it lasts.';
  const error = new OAuthError(code, check, cause instanceof Error ? cause.message : 'failed', { description, cause });
  return { status: error.status, error };
}
