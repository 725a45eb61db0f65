import { RefusedError } from './errors.js';

const NAME = 'authorization';
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;
/** Longer tokens are refused before any work is spent on them; ours are under 1 KiB. */
const MAX_TOKEN_LENGTH = 8192;

/**
 * The token of the one `Authorization: Bearer` header. Never looks at query or body. // R1
 * @param rawHeaders `IncomingMessage.rawHeaders`; Node's `headers` silently keeps the first of two Authorization headers
 * @throws RefusedError `unauthorized` without credentials, `invalid_request` when malformed or repeated
 */
export function bearerTokenFrom(rawHeaders: readonly string[]): string {
  return bearerTokenIn(authorizationIn(rawHeaders));
}

/**
 * The value of the one Authorization header; undefined without one. // R1
 * @throws RefusedError `invalid_request` when it is repeated
 */
export function authorizationIn(rawHeaders: readonly string[]): string | undefined {
  let found: string | undefined;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (name.length !== NAME.length || name.toLowerCase() !== NAME) continue;
    if (found !== undefined) {
      throw new RefusedError('invalid_request', 'authorization_repeated', 'more than one Authorization header');
    }
    found = rawHeaders[at + 1]!;
  }
  return found;
}

/**
 * The token in that value. Depends on nothing else.
 * @throws RefusedError `unauthorized` without credentials, `invalid_request` when malformed, `invalid_token` when too long
 */
export function bearerTokenIn(value: string | undefined): string {
  if (value === undefined || !/^Bearer(?: |$)/i.test(value)) {
    throw new RefusedError('unauthorized', 'credentials_missing', 'no bearer token in the Authorization header');
  }
  const token = BEARER.exec(value.trimEnd())?.[1];
  if (token === undefined) {
    throw new RefusedError(
      'invalid_request',
      'authorization_malformed',
      'the Authorization header is not "Bearer <token>"',
    );
  }
  if (token.length > MAX_TOKEN_LENGTH) {
    throw new RefusedError('invalid_token', 'token_too_long', `the token has ${token.length} characters`);
  }
  return token;
}
