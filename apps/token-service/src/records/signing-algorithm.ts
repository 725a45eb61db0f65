/** What access tokens may be signed with. Never `none`, never RS256: docs/adr/0004. // A19 */
export const SIGNING_ALGORITHMS = ['ES256', 'PS256', 'EdDSA'] as const;

/** `EdDSA` is Ed25519 only. */
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

export const DEFAULT_ALGORITHM: SigningAlgorithm = 'ES256';

/** What the revocation feed is signed with. */
export const FEED_ALGORITHM: SigningAlgorithm = 'ES256';

export function isSigningAlgorithm(name: unknown): name is SigningAlgorithm {
  return SIGNING_ALGORITHMS.some((algorithm) => algorithm === name);
}
