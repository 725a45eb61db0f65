import type { KeyOwnerLookup } from '../certificate-policy/assert-own-key.js';
import type { RevocationListLookup } from '../certificate-policy/revocation-lists.js';
import type { PartnerKeySet } from '../partner-keys/partner-key-set.js';
import type { RegisteredClient } from '../registered-client.entity.js';

/** What authenticating takes beside the registration and the request. */
export interface AuthenticationNeeds {
  /** Our issuer identifier. */
  readonly issuer: string;
  /** The client's keys, asked for until a set has what `suffices` looks for, if that can be. */
  readonly keysOf: (client: RegisteredClient, suffices: (set: PartnerKeySet) => boolean) => Promise<PartnerKeySet>;
  readonly ownerOf: KeyOwnerLookup;
  readonly listsOf: RevocationListLookup;
  /** @returns false when the assertion was used before */
  readonly useOnce: (clientId: string, assertion: { jti: string; expiresAt: Date }) => Promise<boolean>;
}
