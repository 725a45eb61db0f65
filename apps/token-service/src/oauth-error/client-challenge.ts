import type { OAuthError } from './oauth-error.js';

/**
 * No scheme is registered for client authentication by certificate or by an assertion in the form. One that nobody knows
 * makes no caller try a password or a token; see ADR 0012.
 */
const SCHEME = 'OAuth-Client-Authentication';

/**
 * The `WWW-Authenticate` of a 401 (RFC 9110 section 15.5.2): in the scheme that the client tried (RFC 6749 section 5.2),
 * else in one that only says what failed. // A11, A40
 * @param authorization the `Authorization` header of the request
 */
export function clientChallenge({ code, description }: OAuthError, authorization: string | undefined): string {
  const tried = schemeTried(authorization);
  // Client libraries that look at the challenge first do not read the body: the error is in both.
  return tried ? `${tried} realm="token"` : `${SCHEME} error="${code}", error_description="${quotable(description)}"`;
}

function schemeTried(authorization: string | undefined): string | undefined {
  return /^([A-Za-z][A-Za-z0-9-]{0,31})(?: |$)/.exec(authorization ?? '')?.[1];
}

// Both would end a quoted string early.
function quotable(text: string): string {
  return text.replace(/["\\]/g, "'");
}
