import type { BoundToken } from '@partner-ecosystem/mtls-binding';
import { z } from 'zod';

const seconds = z.number().describe('Seconds since 1970, as in the token.');

/** RFC 7662 section 2.2, with `cnf` (RFC 8705 section 3.2). A whitelist: an inactive token has nothing but `active`. */
export const introspectionResponseSchema = z.object({
  active: z.boolean().describe('False for everything that is not a good token which the caller may see.'),
  scope: z.string().optional().describe('Names separated by spaces.'),
  client_id: z.string().optional(),
  partner_id: z.string().optional(),
  token_type: z.literal('Bearer').optional(),
  exp: seconds.optional(),
  iat: seconds.optional(),
  sub: z.string().optional(),
  aud: z.string().optional(),
  iss: z.string().optional(),
  jti: z.string().optional(),
  cnf: z
    .object({ 'x5t#S256': z.string() })
    .optional()
    .describe('The certificate the token is bound to: compare it with the one the connection presents.'),
});

export type IntrospectionResponse = z.infer<typeof introspectionResponseSchema>;

/** The one answer for what is not, or no longer, or not for the caller to know. // A25, A31 */
export const INACTIVE: IntrospectionResponse = Object.freeze({ active: false });

/** What an active token says, in its own words. // A16 */
export function activeResponse(token: BoundToken): IntrospectionResponse {
  return {
    active: true,
    scope: token.scopes.join(' '),
    client_id: token.clientId,
    partner_id: token.partnerId,
    token_type: 'Bearer',
    exp: secondsOf(token.expiresAt),
    iat: secondsOf(token.issuedAt),
    sub: token.clientId, // A22: a client speaks for itself
    aud: token.audience,
    iss: token.issuer,
    jti: token.jti,
    cnf: { ...token.confirmation },
  };
}

function secondsOf(instant: Date): number {
  return instant.getTime() / 1000;
}
