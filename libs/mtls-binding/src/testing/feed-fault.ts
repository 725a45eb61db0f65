/**
 * What can be wrong with a feed:
 * - `wrong_key`: a statement signed with a key that is in no JWKS, under the `kid` of the right one
 * - `access_token_key`: signed with the key of access tokens, under its own `kid`
 * - `replayed`: the last statement that was given before, octet for octet, at once
 * - `outdated`: rightly signed and good for minutes, but with an `iat` from before the last one given
 * - `gap`: what is asked for after a number begins after a greater one; a snapshot is right
 * - `not_modified`: 304 at once
 * - `unavailable`: 503 with `Retry-After: 1`, as a replica that lost its database
 * - `unauthorized`: 401 whatever the token
 * - `media_type`: the right statement as `application/json`
 * - `garbage`: something that is no statement, under the right media type
 * - `oversized`: an answer that does not end
 * - `redirected`: 302 to itself
 * - `keys_unavailable`: the statement is right, and `GET /revocations/jwks` answers 503
 * - `hanging`: the request is never answered
 * - `cut`: the connection is closed in the middle of the answer
 */
export type FeedFault =
  | 'wrong_key'
  | 'access_token_key'
  | 'replayed'
  | 'outdated'
  | 'gap'
  | 'not_modified'
  | 'unavailable'
  | 'unauthorized'
  | 'media_type'
  | 'garbage'
  | 'oversized'
  | 'redirected'
  | 'keys_unavailable'
  | 'hanging'
  | 'cut';
