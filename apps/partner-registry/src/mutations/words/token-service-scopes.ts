/**
 * The scopes of the token service itself, as a resource server. Sensitive, because the feed says of every partner whom
 * it was taken from and when. Granting them takes `registry:operators:write` (operator-rules.ts); whoever wants four
 * eyes on it besides sets `needs_approval` of the scope, which a single operator could not live with.
 */
export const TOKEN_SERVICE_SCOPES = [
  {
    name: 'revocations:read',
    description: 'Follow the revocations, to refuse the tokens they are about.',
    sensitivity: 'sensitive',
    needs_approval: false,
  },
] as const;

export const FOLLOW_REVOCATIONS = TOKEN_SERVICE_SCOPES[0].name;
