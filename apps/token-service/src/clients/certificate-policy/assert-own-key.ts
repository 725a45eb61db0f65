import { invalidClient } from '../../oauth-error/oauth-error.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';

/** Whose a public key is, as the registry has it. */
export interface KeyOwner {
  readonly partnerId: string;
  readonly compromised: boolean;
}

/** @returns undefined for a key that nobody registered; the argument is lower-case hex of SHA-256 over SubjectPublicKeyInfo */
export type KeyOwnerLookup = (spkiSha256: string) => Promise<KeyOwner | undefined>;

/**
 * The same key never serves two partners, and a compromised one never comes back.
 * @throws OAuthError `invalid_client`
 */
export function assertOwnKey(client: RegisteredClient, spkiSha256: string, owner: KeyOwner | undefined): void {
  if (owner?.compromised) throw invalidClient('public_key_compromised', `the key ${spkiSha256} was compromised`);
  if (owner && owner.partnerId !== client.partnerId) {
    throw invalidClient('public_key_of_another_partner', `the key ${spkiSha256} is registered for ${owner.partnerId}`);
  }
}
