import { z } from 'zod';
import type { IssuerIdentity } from '../process/issuer-identity.js';

/** Where the signed feed of revocations is: ours alone, so not among the registered names of RFC 8414. */
export const revocationFeedMetadataSchema = z.object({
  issuer: z.url(),
  revocations_endpoint: z.url().describe('The signed feed that guards follow.'),
  revocations_jwks_uri: z.url().describe('The keys that the feed is signed with.'),
});

export type RevocationFeedMetadata = z.infer<typeof revocationFeedMetadataSchema>;

/** A1 */
export function revocationFeedMetadata({ issuer, revocationsEndpoint }: IssuerIdentity): RevocationFeedMetadata {
  return {
    issuer,
    revocations_endpoint: revocationsEndpoint,
    revocations_jwks_uri: `${issuer}/revocations/jwks`,
  };
}
