import { z } from 'zod';
import type { GrantDecision } from './decide-grant.js';

/** RFC 6749 section 5.1. `scope` is always named, so that a client that asked for none learns what it got. // A8, A26 */
export const tokenResponseSchema = z.object({
  access_token: z.string().describe('A JWT (RFC 9068) bound to the client certificate of this connection (RFC 8705).'),
  token_type: z.literal('Bearer'),
  expires_in: z.int().describe('Seconds.'),
  scope: z.string(),
});

export type TokenResponse = z.infer<typeof tokenResponseSchema>;

/** Through its schema, as every answer. @throws ZodError for a grant that no token can have */
export function tokenResponse(token: string, { lifetime, scopes }: GrantDecision): TokenResponse {
  const answer = { access_token: token, token_type: 'Bearer', expires_in: lifetime, scope: scopes.join(' ') };
  return tokenResponseSchema.parse(answer);
}
