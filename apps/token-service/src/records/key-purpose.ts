/** What a key signs, for its whole life: access tokens, or the revocation feed. Each has a key set of its own. // A20 */
export const KEY_PURPOSES = ['access_token', 'revocation_feed'] as const;

export type KeyPurpose = (typeof KEY_PURPOSES)[number];
